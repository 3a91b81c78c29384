#include "app/single_look.h"

#include <algorithm>
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

  std::optional<Kept> load(const Owner&) override { return std::nullopt; }
  void keep(const Owner&, Kept state) override { learned_ = controller::decode_state(state.bytes); }
  std::vector<model::DemandSample> demand(const Owner&) override { return {}; }
  void keep_demand(const Owner&, model::DemandHistory) override {}

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

/// A pool of the same name elsewhere is most likely the one that was meant.
Error not_found(Error error, const ObjectKey& wanted, const std::vector<ObjectKey>& known) {
  if (error.code != ErrorCode::kNotFound) return error;
  error.context = "EdgePool " + wanted.text();
  const auto meant = std::ranges::find(known, wanted.name, &ObjectKey::name);
  error.message = meant != known.end() ? "no such pool; did you mean " + meant->text() + "?"
                  : known.empty()      ? "no such pool, and no other"
                                       : "no such pool; there is " + known.front().text() +
                                        (known.size() > 1 ? " among others" : "");
  return error;
}

class SetClock final : public ports::Clock {
 public:
  explicit SetClock(Instant at) : at_(at) {}
  [[nodiscard]] Instant now() const override { return at_; }
  void advance(Seconds by) { at_ += by; }

 private:
  Instant at_;
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
    if (!pool.ok()) return not_found(pool.error(), key, pools.keys());
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

Result<std::vector<Look>> look_remembering(ports::PoolRepository& pools,
                                           ports::DemandSource& demand, ports::EventSource& events,
                                           Instant now, Seconds before,
                                           const std::vector<ObjectKey>& wanted) {
  auto looks = look_once(pools, demand, events, SetClock(now), wanted);
  if (!looks.ok()) return looks;
  Collector collector;
  NoTimer timer;
  SetClock clock(now - before);
  const controller::ReconcilerOptions options{.acts = false};
  controller::Reconciler reconciler({.pools = pools,
                                     .demand = demand,
                                     .events = events,
                                     .reports = collector,
                                     .timer = timer,
                                     .clock = clock},
                                    options);
  for (; clock.now() < now; clock.advance(std::min(options.review, now - clock.now()))) {
    for (const auto& key : pools.keys()) reconciler.reconcile(key);
  }
  for (Look& look : *looks) {
    collector = {};
    reconciler.reconcile(look.pool.key);
    if (auto report = collector.take_report()) look.report = *std::move(report);
    look.report.service = {};  // nobody saw whom these replicas served
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
  if (wanted.empty()) (*cluster)->read_ahead();
  ClusterDemand demand(**cluster);
  auto looks = look_once((*cluster)->pools(), demand, (*cluster)->events(), SystemClock(), wanted);
  (*cluster)->stop();
  return looks;
}

}  // namespace edgetide::app
