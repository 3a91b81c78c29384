#pragma once

#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/ports/report_sink.h"
#include "edgetide/ports/verb_timer.h"
#include "telemetry/pool_facts.h"

namespace edgetide::telemetry {

/// Every metric of the operator. A pool's series appear with its first report and go with the pool,
/// but counts of what is done for it begin at zero when it is known; what is unknown has no series,
/// never a zero.
///
/// Pools are kept as facts and written out as series only when somebody asks, so that a pool costs
/// a kilobyte and not a hundred registered series. Safe for use from several threads at once.
class Metrics : public ports::ReportSink, public ports::VerbTimer {
 public:
  explicit Metrics(std::string_view version);
  ~Metrics() override;

  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override;
  void forget(const ObjectKey& pool) override;
  void took(std::string_view verb, std::chrono::nanoseconds duration) override;

  /// Whether this replica acts; told once before the first exposition.
  void set_leads(bool leads);

  /// Whether what is learned and decided will be there after a restart.
  void set_store_healthy(bool healthy);

  /// How many problems the spec of each pool that there is has now; 0 for a pool that is fine.
  /// These are the pools that are known.
  void set_spec_problems(std::map<ObjectKey, std::size_t> problems);

  /// Whether each EventCalendar that there is could be read.
  void set_calendars_ready(std::map<ObjectKey, bool> ready);

  /// The exposition, in the text format 0.0.4.
  [[nodiscard]] std::string exposition() const;

 private:
  struct OwnFamilies;

  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<OwnFamilies> families_;  ///< Of the operator itself.
  mutable std::mutex mutex_;
  std::map<ObjectKey, std::shared_ptr<const PoolFacts>> pools_;
  std::map<ObjectKey, std::size_t> spec_problems_;
  std::map<ObjectKey, bool> calendars_ready_;
};

/// The Content-Type that goes with exposition().
inline constexpr std::string_view kExpositionType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace edgetide::telemetry
