#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "edgetide/ports/report_sink.h"

namespace edgetide::telemetry {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarn, kError };

/// What a line is about, as fields of their own; what is not known is left out.
struct LogSubject {
  std::string pool;             ///< "video/live-edge"
  std::uint64_t reconcile = 0;  ///< Which look at a pool, counted since the process began.
};

/// Sends the process's log to stderr in that format; `level` is one of trace, debug, info, warn,
/// error. kInvalid for any other.
[[nodiscard]] Result<void> start_log(LogFormat format, std::string_view level);

/// From now on every line bears the epoch of the lead that this replica has.
void set_log_epoch(std::int64_t epoch);

/// One line in the process's log. Control characters are escaped, so that no name can forge a line.
/// Warnings and errors that repeat are limited as RepeatLimit does.
void log(LogLevel level, std::string_view message, const LogSubject& about);

/// The same about nothing in particular.
void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warn(std::string_view message);
void log_error(std::string_view message);

/// Logs decisions: every write, a refusal once for as long as it lasts, and otherwise only what
/// differs from the pool's last line, so that a quiet night is a quiet log.
class DecisionLog : public ports::ReportSink {
 public:
  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override;
  void forget(const ObjectKey& pool) override;

 private:
  struct Said {
    std::optional<std::size_t> gist;             ///< Hash of the last line, less its numbers.
    std::map<std::string, std::string> refused;  ///< Words of the last refusal, by domain.
  };
  static void tell_writes(const LogSubject& about, const ports::ActOutcome& outcome, Said& last);

  std::map<ObjectKey, Said> last_;
  std::uint64_t looks_ = 0;
};

}  // namespace edgetide::telemetry
