#include "app/single_look.h"

#include <utility>

#include "app/cluster_demand.h"
#include "app/system_clock.h"
#include "controller/kept_state.h"
#include "http/transport.h"

namespace edgetide::app {
namespace {

/// Takes what the reconciler tells of one pool: its report, and what it has learned.
class Collector final : public ports::ReportSink, public ports::StateStore {
 public:
  void publish(const model::EdgePool&, const model::PlanReport& report,
               const ports::ActOutcome&) override {
    report_ = report;
  }
  void forget(const ObjectKey&) override {}

  std::optional<Kept> load(const model::EdgePool&) override { return std::nullopt; }
  void keep(const model::EdgePool&, Kept state) override {
    learned_ = controller::decode_state(state.bytes);
  }

  /// Nothing where the reconciler had nothing to say.
  [[nodiscard]] std::optional<model::PlanReport> take_report() {
    return std::exchange(report_, std::nullopt);
  }
  [[nodiscard]] std::optional<forecast::ForecastState> take_learned() {
    return std::exchange(learned_, std::nullopt);
  }

 private:
  std::optional<model::PlanReport> report_;
  std::optional<forecast::ForecastState> learned_;
};

class NoTimer final : public ports::VerbTimer {
 public:
  void took(std::string_view, std::chrono::nanoseconds) override {}
};

}  // namespace

Result<std::vector<Look>> look_once(ports::PoolRepository& pools, ports::DemandSource& demand,
                                    ports::EventSource& events, const ports::Clock& clock,
                                    const std::vector<ObjectKey>& wanted) {
  Collector collector;
  NoTimer timer;
  controller::Reconciler reconciler({.pools = pools,
                                     .demand = demand,
                                     .events = events,
                                     .reports = collector,
                                     .timer = timer,
                                     .clock = clock,
                                     .states = &collector},
                                    {.acts = false});
  std::vector<Look> looks;
  for (const auto& key : wanted.empty() ? pools.keys() : wanted) {
    const auto pool = pools.find(key);
    if (!pool.ok()) return pool.error();
    reconciler.reconcile(key);
    auto report = collector.take_report();
    if (!report) continue;
    looks.push_back({.pool = *pool,
                     .report = *std::move(report),
                     .learned = collector.take_learned(),
                     .calendar = events.calendar(*pool),
                     .offsets = events.offsets(*pool)});
  }
  return looks;
}

Result<std::vector<Look>> look_at_cluster(const OperatorOptions& options,
                                          const std::vector<ObjectKey>& wanted,
                                          std::chrono::milliseconds patience) {
  http::initialize_io(2);
  const auto access = kube::find_access(options.access);
  if (!access.ok()) return access.error();
  auto settings = cluster_options(options);
  settings.writes_status = false;
  auto cluster = kube::Cluster::open(*access, std::move(settings));
  if (!cluster.ok()) return cluster.error();
  (*cluster)->start();
  if (auto synced = (*cluster)->wait_until_synced(patience); !synced.ok()) return synced.error();
  ClusterDemand demand(**cluster);
  auto looks = look_once((*cluster)->pools(), demand, (*cluster)->events(), SystemClock(), wanted);
  (*cluster)->stop();
  return looks;
}

}  // namespace edgetide::app
