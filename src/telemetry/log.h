#pragma once

#include <map>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "edgetide/ports/report_sink.h"

namespace edgetide::telemetry {

enum class LogFormat { kText, kJson };

/// Sends the process's log to stderr in that format; `level` is one of trace, debug, info, warn,
/// error. kInvalid for any other.
[[nodiscard]] Result<void> start_log(LogFormat format, std::string_view level);

/// One line in the process's log. Control characters in `message` are escaped, so that no name can
/// forge a line.
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
    std::string gist;                            ///< Of the last line, less its numbers.
    std::map<std::string, std::string> refused;  ///< Words of the last refusal, by domain.
  };
  void tell_writes(const ObjectKey& pool, const ports::ActOutcome& outcome, Said& last);

  std::map<ObjectKey, Said> last_;
};

}  // namespace edgetide::telemetry
