#include "simulation/invariants.h"

#include <algorithm>
#include <utility>

#include "simulation/floor.h"

namespace edgetide::simulation {
namespace {

constexpr Seconds kFight{600 - 30};  // a lowering is seen at the next look
constexpr std::size_t kMostBreaches = 100;

template <typename T>
void drop_before(std::deque<T>& past, Instant at) {
  while (!past.empty() && past.front().at < at) past.pop_front();
}

model::Fleet fleet_of(const model::ScalingPlan& plan) {
  model::Fleet fleet;
  for (const auto& domain : plan.domains) fleet.push_back(domain.to);
  return fleet;
}

/// Of what is asked for, what has long found none, by the operator's clock: not what a rollout
/// adds.
Replicas without_node(const model::PlanReport& report, const DomainCounts& domain) {
  const auto& since = domain.waits_since;
  const bool long_ago = since && report.at - *since > report.lead_time;
  const Replicas added = std::max(Replicas{0}, domain.standing() - domain.specified);
  return long_ago ? std::max(Replicas{0}, domain.pending - added) : Replicas{0};
}

/// What of a plan can stand, when what has long found no node, by the operator's clock, finds none,
/// and what has long not become Ready does not.
model::Fleet can_stand(const model::PlanReport& report, const std::vector<DomainCounts>& before) {
  model::Fleet fleet = fleet_of(report.plan);
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    if (const Replicas without = without_node(report, before[i]); without > Replicas{0})
      fleet[i] = std::min(fleet[i], before[i].specified - without);
    const auto late = std::ranges::count_if(
        report.observation.domains[i].unready_since,
        [&](Instant unready) { return report.at - unready > report.lead_time * 5 / 4; });
    fleet[i] = std::min(fleet[i], before[i].standing() - Replicas{static_cast<int>(late)} +
                                      std::max(Replicas{0}, fleet[i] - before[i].specified));
  }
  return fleet;
}

std::string lack_text(Replicas left, Replicas needed) {
  return std::to_string(left.count()) + " left of " + std::to_string(needed.count()) + " needed";
}

std::string sizes(Replicas from, Replicas to) {
  return std::to_string(from.count()) + " to " + std::to_string(to.count());
}

}  // namespace

void Invariants::judge(const Decision& decision, const Standing& seen,
                       const std::vector<DomainCounts>& before) {
  const OrderedLoss loss(world_.scenario().pool, world_.fleet(), seen);
  drop_before(rivals_, world_.now() - kFight + Seconds{1});
  for (const auto& violation : decision.report.violations)
    broken("Verified", violation.rule + ": " + violation.detail);
  floor_gap_.note(before);
  judge_falls(decision, loss, seen.targets);
  judge_steps(decision, loss, before);
  judge_bounds(before);
  judge_fight(decision);
  judge_floor(decision, loss);
  judge_standing(decision, loss, seen);
  settling_.note(world_.scenario().pool, decision.report, world_.now());
  note(decision);
}

void Invariants::judge_falls(const Decision& decision, const OrderedLoss& loss,
                             const std::vector<DomainCounts>& before) {
  const model::EdgePool& pool = world_.scenario().pool;
  const auto& down = pool.behavior.scale_down;
  int lowered = 0;
  Replicas fallen{0};
  for (const auto& [name, from, to, result] : decision.outcome.writes) {
    if (to >= from || !result.ok()) continue;
    ++lowered;
    fallen += from - to;
    const auto domain = static_cast<std::size_t>(
        std::ranges::find(pool.domains, name, &model::FailureDomain::name) - pool.domains.begin());
    const std::string change = name + " from " + sizes(from, to);
    if (!world_.samples_can_be_trusted()) broken("LoweredInDoubt", change);
    if (!world_.targets_are_known()) broken("LoweredUnknown", change);
    if (model::in_force(pool.pause, world_.operator_clock().now()))
      broken("LoweredInPause", change);
    for (const Raise& raise : raised_) {
      const bool settled = world_.now() - raise.at >= down.stabilization_window;
      if (!settled && raise.domain == domain && raise.to > to)
        broken("LoweredTooSoon", change + ", raised to " + std::to_string(raise.to.count()) +
                                     " at " + edgetide::to_string(raise.at));
    }
  }
  if (lowered == 0) return;
  const Viewers there = world_.measured(world_.newest_sample());
  if (world_.in_knowable_dip() &&
      !loss.carries(fleet_of(decision.report.plan), survivors_for(pool, there)))
    broken("LoweredByADip", sizes(total_specified(before), total_specified(before) - fallen));
  const bool one_by_one = pool.redundancy.survive == model::Survive::kFailureDomain;
  if (one_by_one && lowered > 1) broken("LoweredSeveral", std::to_string(lowered) + " domains");
  judge_starting(decision.report, before);
  falls_.push_back({world_.now(), fallen.count()});
  judge_pace(before, total_specified(before) - fallen);
}

/// Where some of what is kept has long found no node, what goes has not either.
void Invariants::judge_starting(const model::PlanReport& report,
                                const std::vector<DomainCounts>& before) {
  const model::Fleet to = fleet_of(report.plan);
  bool some_wait = false;
  for (std::size_t i = 0; i < before.size(); ++i) {
    some_wait = some_wait || before[i].ready < to[i];
    if (before[i].ready < to[i] - without_node(report, before[i]))
      broken("LoweredWhileStarting", "target " + std::to_string(i) + " has " +
                                         std::to_string(before[i].ready.count()) + " Ready of " +
                                         std::to_string(to[i].count()));
  }
  for (std::size_t i = 0; some_wait && i < before.size(); ++i) {
    if (to[i] < before[i].specified - without_node(report, before[i]))
      broken("LoweredWhileStarting", sizes(before[i].specified, to[i]) + " beside some that wait");
  }
}

void Invariants::judge_pace(const std::vector<DomainCounts>& before, Replicas after) {
  const auto& rules = world_.scenario().pool.behavior.scale_down;
  const auto allows = [&](const model::ScalingPolicy& policy) {
    int fallen = 0;
    for (const Change& fall : falls_) {
      if (world_.now() - fall.at < policy.period) fallen += fall.replicas;
    }
    const int start = after.count() + fallen;
    const bool pods = policy.type == model::ScalingPolicy::Type::kPods;
    return fallen <= (pods ? policy.value : (start * policy.value + 99) / 100);
  };
  const bool allowed = rules.select == model::ScalingRules::Select::kMin
                           ? std::ranges::all_of(rules.policies, allows)
                           : rules.policies.empty() || std::ranges::any_of(rules.policies, allows);
  if (!allowed) broken("LoweredTooFast", sizes(total_specified(before), after));
}

void Invariants::judge_steps(const Decision& decision, const OrderedLoss& loss,
                             const std::vector<DomainCounts>& before) {
  const model::EdgePool& pool = world_.scenario().pool;
  drop_before(rises_, world_.now() - pool.pacing.interval + Seconds{1});
  int left = pool.pacing.step.count();
  for (const Change& rise : rises_) left -= rise.replicas;
  int risen = 0;
  for (const auto& [name, from, to, result] : decision.outcome.writes) {
    if (result.ok()) risen += (to - from).count();
  }
  if (risen <= 0) return;
  rises_.push_back({world_.now(), risen});
  const int to_minimum = (pool.replicas.min - total_specified(before)).count();
  if (risen > std::max(floor_gap_.most(decision, loss, before) + std::max(0, left), to_minimum))
    broken("RaisedTooFast",
           sizes(total_specified(before), total_specified(world_.fleet().standing().targets)));
}

void Invariants::judge_bounds(const std::vector<DomainCounts>& before) {
  const model::EdgePool& pool = world_.scenario().pool;
  const auto after = world_.fleet().standing().targets;
  const Replicas was = total_specified(before);
  const Replicas is = total_specified(after);
  if (is > was && is > pool.replicas.max) broken("AboveMaximum", sizes(was, is));
  if (is < was && is < pool.replicas.min) broken("BelowMinimum", sizes(was, is));
  for (std::size_t i = 0; i < after.size(); ++i) {
    const bool rose = after[i].specified > before[i].specified;
    if (rose && after[i].specified > pool.domains[i].max_replicas)
      broken("AboveDomainLimit",
             pool.domains[i].name + " " + sizes(before[i].specified, after[i].specified));
  }
}

void Invariants::judge_fight(const Decision& decision) {
  const model::EdgePool& pool = world_.scenario().pool;
  for (std::size_t domain = 0; domain < pool.domains.size(); ++domain) {
    if (std::ranges::count(rivals_, domain, &Rival::domain) < 3) continue;
    if (std::ranges::any_of(decision.outcome.writes, [](const auto& w) { return w.result.ok(); }))
      broken("Fought", "over " + pool.domains[domain].name);
  }
}

void Invariants::judge_floor(const Decision& decision, const OrderedLoss& loss) {
  const auto& report = decision.report;
  const model::EdgePool& pool = world_.scenario().pool;
  if (report.contended || report.pause || !world_.samples_can_be_trusted() ||
      !world_.targets_are_known())
    return;
  const auto& viewers = report.observation.demand.viewers;
  if (!viewers.fresh()) return;
  const Replicas needed = survivors_for(pool, report.observation.demand, least_lost(domains_));
  const Replicas left = loss.left_of(fleet_of(report.plan));
  if (left >= needed) return;
  const std::string lack = lack_text(left, needed);
  if (!report.shortfall) broken("ShortInSilence", lack);
  const bool full = report.plan.total_to() >= pool.replicas.max;
  if (!full && loss.can_leave(needed, serving_limits(world_))) broken("BelowFloor", lack);
}

void Invariants::judge_standing(const Decision& decision, const OrderedLoss& loss,
                                const Standing& seen) {
  const auto& report = decision.report;
  const model::EdgePool& pool = world_.scenario().pool;
  const auto& viewers = report.observation.demand.viewers;
  if (!viewers.fresh() || !world_.targets_are_known()) return;
  const Replicas needed = survivors_for(pool, report.observation.demand, least_lost(domains_));
  model::Fleet ready;
  for (const DomainCounts& domain : seen.domains()) ready.push_back(domain.ready - domain.cold);
  const Replicas warm = total_serving(seen.targets);
  const Replicas carrying = carrying_now(pool, report.observation.demand);
  if (warm < carrying && !report.shortfall) broken("UnservedInSilence", lack_text(warm, carrying));
  const Replicas left = left_after_loss(pool, ready);
  if (left >= needed) return;
  if (model::condition(report, "RedundancyMet").status == model::ConditionStatus::kTrue)
    broken("ReserveInSilence", lack_text(left, needed));
  const model::Fleet stands = can_stand(report, seen.targets);
  if (report.shortfall || stands == fleet_of(report.plan)) return;
  const Replicas can_be_left = loss.left_of(stands);
  if (can_be_left < needed) broken("WaitsInSilence", lack_text(can_be_left, needed));
}

void Invariants::judge_end() {
  if (auto why = settling_.unsettled(world_, world_.scenario().pool))
    broken("NotSettled", *std::move(why));
}

void Invariants::note(const Decision& decision) {
  const auto& [up, down] = world_.scenario().pool.behavior;
  drop_before(raised_, world_.now() - down.stabilization_window + Seconds{1});
  Seconds longest{0};
  for (const auto& policy : down.policies) longest = std::max(longest, policy.period);
  drop_before(falls_, world_.now() - longest);
  for (std::size_t i = 0; i < decision.report.plan.domains.size(); ++i) {
    const auto& [name, from, to] = decision.report.plan.domains[i];
    if (to > from) raised_.push_back({world_.now(), i, to});
  }
}

void Invariants::broken(std::string rule, std::string detail) {
  ++times_broken_;
  if (breaches_.size() == kMostBreaches) return;
  breaches_.push_back({world_.now(), std::move(rule), std::move(detail)});
}

}  // namespace edgetide::simulation
