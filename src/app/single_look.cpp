#include "app/single_look.h"

#include <algorithm>

#include "app/cluster_demand.h"
#include "app/system_clock.h"
#include "http/transport.h"

namespace edgetide::app {
namespace {

class Collector final : public ports::ReportSink {
 public:
  void publish(const model::EdgePool&, const model::PlanReport& report,
               const ports::ActOutcome&) override {
    reports.push_back(report);
  }
  void forget(const ObjectKey&) override {}

  std::vector<model::PlanReport> reports;
};

class NoTimer final : public ports::VerbTimer {
 public:
  void took(std::string_view, std::chrono::nanoseconds) override {}
};

}  // namespace

Result<std::vector<model::PlanReport>> look_once(ports::PoolRepository& pools,
                                                 ports::DemandSource& demand,
                                                 ports::EventSource& events,
                                                 const ports::Clock& clock,
                                                 const std::vector<ObjectKey>& wanted) {
  Collector collector;
  NoTimer timer;
  controller::Reconciler reconciler({.pools = pools,
                                     .demand = demand,
                                     .events = events,
                                     .reports = collector,
                                     .timer = timer,
                                     .clock = clock},
                                    {.acts = false});
  for (const auto& key : wanted.empty() ? pools.keys() : wanted) {
    const auto pool = pools.find(key);
    if (!pool.ok()) return pool.error();
    reconciler.reconcile(key);
  }
  return std::move(collector.reports);
}

Result<std::vector<model::PlanReport>> look_at_cluster(const OperatorOptions& options,
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
  auto reports =
      look_once((*cluster)->pools(), demand, (*cluster)->events(), SystemClock(), wanted);
  (*cluster)->stop();
  return reports;
}

}  // namespace edgetide::app
