#include "shortfall.h"

#include <algorithm>
#include <tuple>

#include "edgetide/model/reasons.h"
#include "not_serving_yet.h"
#include "outages.h"
#include "room_limits.h"
#include "words.h"

namespace edgetide::planning {
namespace {

/// What the plan leaves below the floor of this moment, where a skewed fleet fills the maximum.
Replicas below_floor(const model::ScalingPlan& plan, const guard::Fleet& floor) {
  Replicas lack{0};
  for (std::size_t i = 0; i < floor.size(); ++i) {
    lack += std::max(Replicas{0}, floor[i] - plan.domains[i].to);
  }
  return lack;
}

/// A limit on the speed of rising has changed the plan.
bool rises_in_steps(const model::PlanReport& report) {
  namespace reason = model::reason;
  return std::ranges::any_of(report.verdicts, [](const model::GuardVerdict& verdict) {
    return verdict.after < verdict.before &&
           (verdict.reason == std::string_view{reason::kPaceOfSteps} ||
            verdict.reason == std::string_view{reason::kRateLimited});
  });
}

/// Why the domains do not hold what survives, and what would help.
std::string no_room(const model::PlanReport& report, const DemandSizing& sized) {
  if (const model::Spread* spread = model::spread_of(report.observation)) {
    if (spread->unknown.empty() && spread->domains.size() < 2)
      return "all nodes that take the replicas in are in one failure domain, whose loss would cut "
             "off every viewer; add nodes in a second one, or set redundancy.survive to None if "
             "that may happen";
    return "its maxReplicas and its autoscaler's maximum leave no room for " +
           text(report.sizing.missing) + " replicas; raise these";
  }
  const auto may_hold = [](Replicas limit) { return limit > Replicas{0}; };
  const auto only = std::ranges::find_if(sized.limits, may_hold);
  if (std::ranges::count_if(sized.limits, may_hold) == 1) {
    const auto domain = static_cast<std::size_t>(only - sized.limits.begin());
    const bool full = report.plan.total_to() < report.sizing.with_redundancy;
    return "domain " + report.plan.domains[domain].name +
           " is the only one that can serve, so its loss would cut off every viewer" +
           (full ? ", and it holds no more than " + text(sized.limits[domain]) : "") +
           "; add a second failure domain, or set redundancy.survive to None if that may happen";
  }
  return "after the worst loss " + text(report.sizing.missing) +
         " replicas would be missing, since the other domains' maxReplicas and their autoscalers' "
         "maxima leave no room for them; raise these, or add a domain";
}

/// What the pool's limits and pace, or people, keep the plan from granting.
std::optional<model::Shortfall> not_granted(const model::PlanReport& report,
                                            const model::EdgePool& pool,
                                            const DemandSizing& sized) {
  const auto& sizing = report.sizing;
  const Replicas granted = report.plan.total_to();
  const Replicas required = required_by(report);
  const Replicas lack = below_floor(report.plan, sized.floor);
  const bool by_hand = report.contended || report.pause.has_value();
  const bool held_down = by_hand && granted < required;
  const bool in_steps = granted < required && rises_in_steps(report);
  const bool by_limits = sizing.missing > Replicas{0} || lack > Replicas{0};
  if (!by_limits && !held_down && !in_steps) return std::nullopt;
  model::Shortfall shortfall{.required = std::max(required, granted + lack),
                             .granted = granted,
                             .at = std::max(report.at, report.peak.at)};
  if (held_down && report.pause) {
    shortfall.cause = model::reason::kPaused;
    shortfall.detail = "the pool is paused until " + to_string(report.pause->until) +
                       "; resume it, or pause it at " + std::to_string(required.count());
  } else if (held_down) {
    shortfall.cause = model::reason::kContended;
    shortfall.detail = "somebody else lowers the targets; end that, and the plan goes on";
  } else if (shortfall.required > pool.replicas.max) {
    shortfall.cause = model::reason::kMaximumReached;
    shortfall.detail = "spec.replicas.max is " + std::to_string(pool.replicas.max.count()) +
                       "; raise it to " + std::to_string(shortfall.required.count());
    if (const Replicas stand = model::total(model::domain_limits(pool)); shortfall.required > stand)
      shortfall.detail +=
          ", and the domains' maxReplicas, which let " + text(stand) + " stand, as well";
  } else if (sizing.missing == Replicas{0} && in_steps) {
    shortfall.cause = model::reason::kPaceOfSteps;
    shortfall.detail =
        "the rise came too late for its steps; let spec.pacing and behavior.scaleUp take larger "
        "ones, or raise spec.replicas.min before such times";
  } else if (sizing.missing == Replicas{0} && !model::all_domains_known(report.observation)) {
    shortfall.cause = model::reason::kTargetUnknown;
    shortfall.detail =
        unread_domain(report.observation) + "; nothing is ordered there until it can be read";
  } else {
    shortfall.cause = model::reason::kDomainLimits;
    shortfall.detail = no_room(report, sized);
  }
  if (by_limits && !held_down && enough_without_loss(report, pool, sized.minimum)) {
    shortfall.cause = model::reason::kDomainLost;
    shortfall.detail = silence_of(report.observation, report.outages) +
                       "; there is enough once it serves again, and meanwhile " + shortfall.detail;
  }
  return shortfall;
}

/// What the viewers of this moment lack after the worst loss, where some of the plan cannot stand.
Replicas lack_after_loss(const model::ScalingPlan& plan, const WithoutRoom& without,
                         model::Survive survive, Replicas needed) {
  if (survive != model::Survive::kFailureDomain || without.per_domain.size() < 2)
    return Replicas{0};
  Replicas largest{0};
  for (std::size_t i = 0; i < plan.domains.size(); ++i)
    largest = std::max(largest, plan.domains[i].to - without.per_domain[i]);
  return std::max(Replicas{0}, needed - (plan.total_to() - without.replicas - largest));
}

/// What cannot stand in domains whose part the others carry by now.
Replicas rebuilt_elsewhere(const WithoutRoom& without,
                           const std::vector<model::DomainOutage>& outages) {
  Replicas sum{0};
  if (without.per_domain.empty()) return sum;
  for (const auto& outage : outages)
    if (outage.rebuilt) sum += without.per_domain[outage.domain];
  return sum;
}

/// What is granted and cannot stand. What a guard holds back besides is not its doing: of all that
/// is required only a limit on the whole keeps that from standing, too.
std::optional<model::Shortfall> not_standing(const model::PlanReport& report,
                                             const model::EdgePool& pool, const DemandSizing& sized,
                                             Replicas required) {
  auto without = without_room(report.plan, report.observation, pool, required, report.at);
  if (!without) return std::nullopt;
  const Replicas granted = report.plan.total_to();
  const Replicas can_stand =
      granted - without->replicas + rebuilt_elsewhere(*without, report.outages);
  const Replicas lack =
      lack_after_loss(report.plan, *without, pool.redundancy.survive, sized.survivors_needed);
  const Replicas asked = without->per_domain.empty() ? required : std::min(required, granted);
  if (can_stand >= asked && lack == Replicas{0}) return std::nullopt;
  return model::Shortfall{.required = std::max(asked, can_stand + lack),
                          .granted = can_stand,
                          .at = std::max(report.at, report.peak.at),
                          .cause = without->cause,
                          .detail = std::move(without->detail)};
}

/// The larger, with the words of both; the first of two as large.
std::optional<model::Shortfall> larger_of(std::optional<model::Shortfall> one,
                                          std::optional<model::Shortfall> other) {
  if (!one || !other) return one ? one : other;
  if (other->missing() > one->missing()) std::swap(one, other);
  one->detail += "; " + other->detail;
  return one;
}

/// What starts is not the cause where something else is, but may be the larger lack.
std::optional<model::Shortfall> with_unserved(std::optional<model::Shortfall> told,
                                              std::optional<model::Shortfall> unserved) {
  const bool starts = unserved && unserved->cause == model::reason::kReplicasStarting;
  if (told && starts && unserved->missing() > told->missing())
    std::tie(told->required, told->granted, told->at) =
        std::tie(unserved->required, unserved->granted, unserved->at);
  return larger_of(std::move(told), std::move(unserved));
}

}  // namespace

Replicas required_by(const model::PlanReport& report) {
  return report.sizing.with_redundancy + standing_in_rebuilt(report.outages);
}

std::optional<model::Shortfall> find_shortfall(const model::PlanReport& report,
                                               const model::EdgePool& pool,
                                               const DemandSizing& sized) {
  auto held_back = not_granted(report, pool, sized);
  const Replicas required =
      held_back ? held_back->required : std::min(required_by(report), report.plan.total_to());
  auto lost = not_standing(report, pool, sized, required);
  auto told = larger_of(std::move(lost), std::move(held_back));
  if (!sized.demand_known) return told;
  return with_unserved(std::move(told), not_serving_yet(report, sized.serving_needed));
}

}  // namespace edgetide::planning
