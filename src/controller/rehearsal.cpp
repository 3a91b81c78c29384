#include <algorithm>

#include "edgetide/controller/reconciler.h"
#include "edgetide/model/reasons.h"

namespace edgetide::controller {
namespace {

constexpr Seconds kEvery{900};
constexpr Seconds kEveryWhileRefused{60};

/// By more than a fifth of what is ordered, of a fleet that decisions move.
bool is_large_rise(const model::PlanReport& report, Replicas to) {
  return model::all_domains_known(report.observation) && !report.pause && !report.contended &&
         5 * to.count() > 6 * report.plan.total_to().count();
}

/// A conflict passes by itself, and a server that does not answer says nothing of what will be.
bool is_refusal(const Error& error) {
  return error.code == ErrorCode::kForbidden || error.code == ErrorCode::kInvalid;
}

}  // namespace

void Reconciler::rehearse(PoolState& state, const model::EdgePool& pool, model::PlanReport& report,
                          Instant now) {
  auto& [due, refusal] = state.rehearsal;
  const Replicas wanted = state.ahead.soon.available;
  if (!is_large_rise(report, wanted)) {
    state.rehearsal = {};
    return;
  }
  if (now >= due || due > now + kEvery) {
    refusal = refusal_of(pool, report, wanted);
    due = now + (refusal.empty() ? kEvery : kEveryWhileRefused);
  }
  if (refusal.empty()) return;
  for (auto& condition : report.conditions) {
    if (condition.type != "AbleToScale" || condition.status != model::ConditionStatus::kTrue)
      continue;
    condition = {condition.type, model::ConditionStatus::kFalse, model::reason::kRehearsalFailed,
                 refusal};
  }
}

std::string Reconciler::refusal_of(const model::EdgePool& pool, const model::PlanReport& report,
                                   Replicas wanted) {
  model::Fleet standing;
  for (const auto& domain : report.plan.domains) standing.push_back(domain.to);
  const auto limits = model::at_least(model::domain_limits(pool), standing);
  const auto raised = model::raised_to(standing, wanted, limits);
  for (std::size_t domain = 0; domain < raised.size(); ++domain) {
    if (raised[domain] == standing[domain]) continue;
    const auto judged = ports_.pools.rehearse(
        pool, {.domain = domain, .from = standing[domain], .to = raised[domain]});
    if (judged.ok() || !is_refusal(judged.error())) continue;
    return "within the hour domain " + pool.domains[domain].name + " will need " +
           std::to_string(raised[domain].count()) +
           " replicas, and would be refused: " + judged.error().text();
  }
  return "";
}

}  // namespace edgetide::controller
