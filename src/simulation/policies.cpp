#include "simulation/policies.h"

#include <algorithm>
#include <map>

#include "edgetide/backtest/hpa.h"
#include "simulation/peer_policy.h"
#include "simulation/world_ports.h"

namespace edgetide::simulation {
namespace {

/// Keeps the last decision on each pool and hands it on.
class LastDecision final : public ports::ReportSink {
 public:
  explicit LastDecision(ports::ReportSink* also) : also_(also) {}

  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override {
    auto& last = last_[pool.key];
    last.report = report;
    last.outcome = outcome;
    if (also_ != nullptr) also_->publish(pool, report, outcome);
  }
  void forget(const ObjectKey& pool) override {
    if (also_ != nullptr) also_->forget(pool);
  }
  [[nodiscard]] const Decision* last(const ObjectKey& pool) const {
    const auto last = last_.find(pool);
    return last == last_.end() ? nullptr : &last->second;
  }

 private:
  ports::ReportSink* also_;
  std::map<ObjectKey, Decision> last_;
};

/// Virtual time knows no durations of work.
class Untimed final : public ports::VerbTimer {
 public:
  void took(std::string_view, std::chrono::nanoseconds) override {}
};

class EdgetidePolicy final : public Policy {
 public:
  EdgetidePolicy(World& world, ports::ReportSink* also,
                 const controller::ReconcilerOptions& options)
      : pools_(world),
        keys_(pools_.keys()),
        demand_(world),
        events_(world),
        sink_(also),
        reconciler_({.pools = pools_,
                     .demand = demand_,
                     .events = events_,
                     .reports = sink_,
                     .timer = timer_,
                     .clock = world.operator_clock()},
                    options) {}

  /// The farthest first: what is drawn from it is known by the last plans alone.
  Seconds act() override {
    Seconds wait = Seconds::max();
    for (const ObjectKey& pool : keys_) wait = std::min(wait, reconciler_.reconcile(pool));
    return wait;
  }
  [[nodiscard]] const Decision* last_decision() const override { return sink_.last(keys_.back()); }
  [[nodiscard]] const Decision* last_decision_on(const ObjectKey& pool) const override {
    return sink_.last(pool);
  }

 private:
  WorldPools pools_;
  std::vector<ObjectKey> keys_;  ///< The night's own pool last.
  WorldDemand demand_;
  WorldEvents events_;
  LastDecision sink_;
  Untimed timer_;
  controller::Reconciler reconciler_;
};

/// See `place` for what is lost with a zone.
class HpaPolicy final : public Policy {
 public:
  explicit HpaPolicy(World& world)
      : world_(world),
        hpa_({.min = world.scenario().pool.replicas.min,
              .max = world.scenario().pool.replicas.max}) {}

  /// Without a number it asks for nothing else, as Kubernetes' does.
  Seconds act() override {
    constexpr Seconds kSync{15};
    const auto viewers = told_to_peers(world_);
    if (!viewers) return kSync;
    const auto counts = world_.fleet().standing().targets;
    const double capacity = world_.scenario().pool.capacity.viewers->count();
    const Replicas ready = total_ready(counts);
    const Replicas specified = total_specified(counts);
    place(world_, hpa_.decide({.load = viewers->count() / capacity,
                               .specified = specified,
                               .ready = ready,
                               .unready = std::max(Replicas{0}, specified - ready)},
                              world_.now()));
    return kSync;
  }

 private:
  World& world_;
  backtest::Hpa hpa_;
};

}  // namespace

Runner::Runner(backtest::PolicyChoice asked_for)
    : kind(PolicyKind::kPeer), choice(std::move(asked_for)) {
  if (choice.kind->name == "edgetide") kind = PolicyKind::kEdgetide;
  if (choice.kind->name == "hpa60") kind = PolicyKind::kHpa60;
}

std::string to_string(const Runner& runner) {
  switch (runner.kind) {
    case PolicyKind::kEdgetide:
      return "Edgetide" + (runner.choice.knobs.empty() ? "" : runner.choice.text().substr(8));
    case PolicyKind::kHpa60: return "HPA at 60 %";
    case PolicyKind::kPeer: return runner.choice.text();
  }
  return "";
}

std::unique_ptr<Policy> make_policy(const Runner& runner, World& world, ports::ReportSink* also,
                                    const controller::ReconcilerOptions& options) {
  switch (runner.kind) {
    case PolicyKind::kEdgetide: return std::make_unique<EdgetidePolicy>(world, also, options);
    case PolicyKind::kHpa60: return std::make_unique<HpaPolicy>(world);
    case PolicyKind::kPeer: return std::make_unique<PeerPolicy>(world, runner.choice);
  }
  return nullptr;
}

}  // namespace edgetide::simulation
