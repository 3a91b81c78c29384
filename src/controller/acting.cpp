#include <algorithm>
#include <utility>
#include <vector>

#include "edgetide/controller/reconciler.h"
#include "edgetide/model/reasons.h"
#include "edgetide/planning/plan.h"

namespace edgetide::controller {
namespace {

/// A conflict passes by itself; anything else stands in the way until somebody helps.
void tell_refusal(model::PlanReport& report, const std::vector<ports::DomainOutcome>& writes) {
  const auto refused = std::ranges::find_if(writes, [](const ports::DomainOutcome& write) {
    return !write.result.ok() && write.result.error().code != ErrorCode::kConflict;
  });
  if (refused == writes.end()) return;
  for (auto& condition : report.conditions) {
    if (condition.type != "AbleToScale") continue;
    condition = {condition.type, model::ConditionStatus::kFalse, model::reason::kScaleFailed,
                 "domain " + refused->name + ": " + refused->result.error().text()};
  }
}

}  // namespace

ports::ActOutcome Reconciler::act(PoolState& state, const model::EdgePool& pool,
                                  model::PlanReport& report, Instant now) {
  ports::ActOutcome outcome;
  const int failed_before = std::exchange(state.failed_looks, 0);
  if (!options_.acts || pool.mode == model::Mode::kDryRun) {
    state.rehearsal = {};
    return outcome;
  }
  const model::ScalingPlan& plan = report.plan;
  std::vector<ports::ScaleOrder> orders;
  for (std::size_t domain = 0; domain < plan.domains.size(); ++domain) {
    const auto& [name, from, to] = plan.domains[domain];
    if (from != to) orders.push_back({.domain = domain, .from = from, .to = to});
  }
  auto written = ports_.pools.scale_all(pool, orders);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const auto& [domain, from, to] = orders[i];
    if (written[i].ok()) {
      planning::note_written(state.memory, plan, domain, now);
    } else {
      state.failed_looks = failed_before + 1;
    }
    outcome.writes.push_back({.name = plan.domains[domain].name,
                              .from = from,
                              .to = to,
                              .result = std::move(written[i])});
  }
  tell_refusal(report, outcome.writes);
  rehearse(state, pool, report, now);
  return outcome;
}

}  // namespace edgetide::controller
