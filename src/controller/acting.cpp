#include "edgetide/controller/reconciler.h"
#include "edgetide/planning/plan.h"

namespace edgetide::controller {

ports::ActOutcome Reconciler::act(PoolState& state, const model::EdgePool& pool,
                                  const model::ScalingPlan& plan, Instant now) {
  ports::ActOutcome outcome;
  if (!options_.acts || pool.mode == model::Mode::kDryRun) return outcome;
  for (std::size_t domain = 0; domain < plan.domains.size(); ++domain) {
    const auto& [name, from, to] = plan.domains[domain];
    if (from == to) continue;
    auto written = ports_.pools.scale(pool, {.domain = domain, .from = from, .to = to});
    if (written.ok()) planning::note_written(state.memory, plan, domain, now);
    outcome.writes.push_back({.name = name, .from = from, .to = to, .result = std::move(written)});
  }
  return outcome;
}

}  // namespace edgetide::controller
