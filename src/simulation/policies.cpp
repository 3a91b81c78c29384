#include "simulation/policies.h"

#include "edgetide/backtest/hpa.h"
#include "simulation/peer_policy.h"

namespace edgetide::simulation {
namespace {

/// Keeps the last decision and hands it on.
class LastDecision final : public ports::ReportSink {
 public:
  explicit LastDecision(ports::ReportSink* also) : also_(also) {}

  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override {
    last_ = Decision{.report = report, .outcome = outcome};
    if (also_ != nullptr) also_->publish(pool, report, outcome);
  }
  void forget(const ObjectKey& pool) override {
    if (also_ != nullptr) also_->forget(pool);
  }
  [[nodiscard]] const Decision* last() const { return last_ ? &*last_ : nullptr; }

 private:
  ports::ReportSink* also_;
  std::optional<Decision> last_;
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
      : key_(world.scenario().pool.key),
        pools_(world),
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

  Seconds act() override { return reconciler_.reconcile(key_); }
  [[nodiscard]] const Decision* last_decision() const override { return sink_.last(); }

 private:
  ObjectKey key_;
  WorldPools pools_;
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

  Seconds act() override {
    const auto counts = world_.counts();
    const double capacity = world_.scenario().pool.capacity.viewers->count();
    const Replicas ready = total_ready(counts);
    const Replicas specified = total_specified(counts);
    place(world_, hpa_.decide({.load = world_.measured(world_.newest_sample()).count() / capacity,
                               .specified = specified,
                               .ready = ready,
                               .unready = std::max(Replicas{0}, specified - ready)},
                              world_.now()));
    return Seconds{15};
  }

 private:
  World& world_;
  backtest::Hpa hpa_;
};

}  // namespace

std::string to_string(const Runner& runner) {
  switch (runner.kind) {
    case PolicyKind::kEdgetide: return "Edgetide";
    case PolicyKind::kHpa60: return "HPA at 60 %";
    case PolicyKind::kPeer: return runner.peer.text();
  }
  return "";
}

std::unique_ptr<Policy> make_policy(const Runner& runner, World& world, ports::ReportSink* also,
                                    const controller::ReconcilerOptions& options) {
  switch (runner.kind) {
    case PolicyKind::kEdgetide: return std::make_unique<EdgetidePolicy>(world, also, options);
    case PolicyKind::kHpa60: return std::make_unique<HpaPolicy>(world);
    case PolicyKind::kPeer: return std::make_unique<PeerPolicy>(world, runner.peer);
  }
  return nullptr;
}

}  // namespace edgetide::simulation
