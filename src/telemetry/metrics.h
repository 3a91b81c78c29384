#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/ports/report_sink.h"
#include "edgetide/ports/verb_timer.h"

namespace edgetide::telemetry {

/// Every metric of the operator. A pool's series appear with its first report and go with the pool;
/// what is unknown has no series, never a zero.
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
  void set_spec_problems(const std::map<ObjectKey, std::size_t>& problems);

  /// Whether each EventCalendar that there is could be read.
  void set_calendars_ready(const std::map<ObjectKey, bool>& ready);

  /// The exposition, in the text format 0.0.4.
  [[nodiscard]] std::string exposition() const;

 private:
  struct Families;
  struct PoolSeries;

  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Families> families_;
  mutable std::mutex mutex_;  ///< A pool's series must not be removed while they are written out.
  std::map<ObjectKey, std::unique_ptr<PoolSeries>> pools_;
  std::map<ObjectKey, prometheus::Gauge*> spec_problems_;
  std::map<ObjectKey, prometheus::Gauge*> calendars_ready_;
};

/// The Content-Type that goes with exposition().
inline constexpr std::string_view kExpositionType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace edgetide::telemetry
