#include "conclusions.h"

#include <algorithm>
#include <optional>

#include "conditions.h"
#include "edgetide/model/reasons.h"
#include "outages.h"
#include "reserve.h"
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

Replicas required_by(const model::PlanReport& report) {
  return report.sizing.with_redundancy + standing_in_rebuilt(report.outages);
}

/// What the pool's limits, or people, keep the plan from granting.
std::optional<model::Shortfall> not_granted(const model::PlanReport& report,
                                            const model::EdgePool& pool,
                                            const guard::Fleet& floor) {
  const auto& sizing = report.sizing;
  const Replicas granted = report.plan.total_to();
  const Replicas required = required_by(report);
  const Replicas lack = below_floor(report.plan, floor);
  const bool by_hand = report.contended || report.pause.has_value();
  const bool held_down = by_hand && granted < required;
  if (sizing.missing == Replicas{0} && lack == Replicas{0} && !held_down) return std::nullopt;
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
  } else {
    shortfall.cause = model::reason::kDomainLimits;
    shortfall.detail = std::to_string(sizing.missing.count()) +
                       " replicas find no room within the domains' maxReplicas and their "
                       "autoscalers' maxima, or no domain but the one that may be lost";
  }
  return shortfall;
}

/// The same, or what is granted and cannot stand, where that is more.
std::optional<model::Shortfall> find_shortfall(const model::PlanReport& report,
                                               const model::EdgePool& pool,
                                               const guard::Fleet& floor) {
  auto shortfall = not_granted(report, pool, floor);
  auto without = without_room(report.plan, report.observation, pool, report.at);
  if (!without) return shortfall;
  const Replicas required = shortfall ? shortfall->required : required_by(report);
  const Replicas can_stand = report.plan.total_to() - without->replicas;
  if (can_stand >= required) return shortfall;
  return model::Shortfall{.required = required,
                          .granted = can_stand,
                          .at = std::max(report.at, report.peak.at),
                          .cause = without->cause,
                          .detail = std::move(without->detail)};
}

std::string what_is_prepared_for(const model::PlanReport& report) {
  const auto& [planned, needs, binding, serving, with_redundancy, per_domain, missing, basis] =
      report.sizing;
  const std::string need = " need " + std::to_string(serving.count()) + " replicas, " +
                           std::to_string(with_redundancy.count()) + " with redundancy";
  const std::string viewers = grouped(planned.count()) + " viewers";
  switch (basis) {
    case model::SizingBasis::kHold: return "the demand is not known, so nothing goes down";
    case model::SizingBasis::kDemand: return "the " + viewers + " of this moment" + need;
    case model::SizingBasis::kForecast:
      return "up to " + viewers + " forecast by " + clock_text(report.peak.window_end) + need;
    case model::SizingBasis::kEvent:
      if (report.peak.event.empty()) return "an event's minimum is more than " + viewers + need;
      return "event " + report.peak.event + ": up to " + viewers + " by " +
             clock_text(report.peak.window_end) + need;
    case model::SizingBasis::kRedundancy:
      return "the loss of a failure domain must be survived: " + viewers + need;
    case model::SizingBasis::kMinimum: return "the minimum is more than " + viewers + need;
  }
  return "";
}

std::string summarize(const model::PlanReport& report) {
  if (!report.violations.empty()) {
    return "held, since the plan would have broken " + report.violations.front().rule +
           " (a bug; please report it)";
  }
  std::string text = what_is_prepared_for(report);
  const bool explained = !report.pause && report.plan.action == model::Action::kScaleUp &&
                         report.sizing.basis != model::SizingBasis::kHold;
  if (!explained && !report.verdicts.empty()) {
    text += "; " + report.verdicts.back().detail;
  }
  if (const auto& unread = report.observation.history_problem; !unread.empty()) {
    text += "; the past could not be read: " + unread;
  }
  if (report.shortfall) {
    text += "; SHORT of " +
            std::to_string((report.shortfall->required - report.shortfall->granted).count()) +
            " replicas: " + report.shortfall->detail;
  }
  if (report.outlook) {
    if (const auto* ahead = model::most_urgent(*report.outlook))
      text += "; SHORT AHEAD: " + ahead->detail;
  }
  return text;
}

bool raised_by_floor(const model::PlanReport& report) {
  return std::ranges::any_of(report.verdicts, [](const model::GuardVerdict& verdict) {
    return verdict.reason == std::string_view{model::reason::kRaisedToRedundancyFloor};
  });
}

}  // namespace

void conclude(model::PlanReport& report, const model::EdgePool& pool, const DemandSizing& sized) {
  if (raised_by_floor(report)) report.sizing.basis = model::SizingBasis::kRedundancy;
  report.shortfall = find_shortfall(report, pool, sized.floor);
  std::optional<Reserve> reserve;
  if (sized.demand_known && model::all_domains_known(report.observation)) {
    reserve = reserve_of(report.observation, pool.redundancy.survive, sized.limits,
                         sized.survivors_needed);
    report.spare_viewers = spare_viewers(report, *reserve);
    report.reserve_missing = reserve->missing;
  }
  report.conditions = conditions_of(report, pool, reserve);
  report.summary = summarize(report);
}

}  // namespace edgetide::planning
