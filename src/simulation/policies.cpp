#include "simulation/policies.h"

#include "edgetide/backtest/hpa.h"
#include "simulation/spread.h"

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

/// One workload over all domains. What a lost zone held is ordered anew in the others at once,
/// where a real cluster waits for evictions: in the HPA's favour.
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
    place(hpa_.decide({.load = world_.measured(world_.newest_sample()).count() / capacity,
                       .specified = specified,
                       .ready = ready,
                       .unready = std::max(Replicas{0}, specified - ready)},
                      world_.now()));
    return Seconds{15};
  }

 private:
  void place(Replicas total) {
    const auto& domains = world_.scenario().pool.domains;
    std::vector<SpreadDomain> stands;
    for (std::size_t i = 0; i < domains.size(); ++i) {
      stands.push_back({.stands = world_.fleet().counts(i).specified,
                        .limit = domains[i].max_replicas,
                        .alive = !world_.fleet().lost(i)});
    }
    const auto placed = spread(stands, total);
    for (std::size_t i = 0; i < placed.size(); ++i) {
      world_.fleet().specify(i, placed[i], world_.now());
    }
  }

  World& world_;
  backtest::Hpa hpa_;
};

}  // namespace

std::string_view to_string(PolicyKind policy) {
  return policy == PolicyKind::kEdgetide ? "Edgetide" : "HPA at 60 %";
}

std::unique_ptr<Policy> make_policy(PolicyKind kind, World& world, ports::ReportSink* also,
                                    const controller::ReconcilerOptions& options) {
  if (kind == PolicyKind::kHpa60) return std::make_unique<HpaPolicy>(world);
  return std::make_unique<EdgetidePolicy>(world, also, options);
}

}  // namespace edgetide::simulation
