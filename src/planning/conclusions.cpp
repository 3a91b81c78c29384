#include "conclusions.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "believed.h"
#include "conditions.h"
#include "edgetide/core/grouped.h"
#include "edgetide/model/rate_text.h"
#include "edgetide/model/reasons.h"
#include "edgetide/model/summary.h"
#include "reserve.h"
#include "shortfall.h"
#include "words.h"

namespace edgetide::planning {
namespace {

std::string what_is_prepared_for(const model::PlanReport& report, model::Survive survive,
                                 const DemandSizing& sized) {
  const model::Sizing& sizing = report.sizing;
  const std::string need = joined({" need ", text(sizing.serving), " replicas, ",
                                   text(sizing.with_redundancy), " with redundancy"});
  const std::string viewers = grouped(sizing.planned.count()) + " viewers";
  switch (sizing.basis) {
    case model::SizingBasis::kHold: return "the demand is not known, so nothing goes down";
    case model::SizingBasis::kDemand:
      return known_viewers(report.observation.demand, viewers) + need;
    case model::SizingBasis::kForecast:
      return joined({"up to ", viewers, " forecast by ", clock_text(report.peak.window_end), need});
    case model::SizingBasis::kEvent:
      if (!sized.minimum_of.empty())
        return "minimum " + std::to_string(sized.minimum.count()) + " of event " +
               sized.minimum_of + ", where " + viewers + " need " +
               std::to_string(sizing.serving.count()) + " replicas";
      return joined({"event ", report.peak.event,
                     report.peak.event_guessed ? " (a guess: none like it is known)" : "",
                     ": up to ", viewers, " by ", clock_text(report.peak.window_end), need});
    case model::SizingBasis::kRedundancy:
      return (survive == model::Survive::kNone
                  ? known_viewers(report.observation.demand) + " come first: "
                  : "the loss of a failure domain must be survived: ") +
             viewers + need;
    case model::SizingBasis::kMinimum: return "the minimum is more than " + viewers + need;
  }
  return "";
}

/// Whether those that draw from the pool decided its size.
bool decided_by_drawn(const model::PlanReport& report) {
  const auto& [needs, binding] = std::tie(report.sizing.needs, report.sizing.binding);
  return report.drawn && std::ranges::any_of(needs, [&](const model::ResourceNeed& need) {
           return need.resource == binding && binding == model::Resource::kEgress &&
                  need.load <= report.drawn->total().count();
         });
}

std::string summarize(const model::PlanReport& report, model::Survive survive,
                      const DemandSizing& sized) {
  if (!report.violations.empty()) {
    return "held, since the plan would have broken " + report.violations.front().rule +
           " (a bug; please report it)";
  }
  std::string text = what_is_prepared_for(report, survive, sized);
  if (decided_by_drawn(report))
    text += ", to feed the pools that draw from it with " + model::rate_text(report.drawn->total());
  const bool explained = !report.pause && report.plan.action == model::Action::kScaleUp &&
                         report.sizing.basis != model::SizingBasis::kHold;
  const auto ramp =
      std::ranges::find(report.verdicts, model::reason::kRampBegun, &model::GuardVerdict::reason);
  if (!explained && !report.verdicts.empty()) {
    text += "; " + report.verdicts.back().detail;
  } else if (ramp != report.verdicts.end()) {
    text += "; " + ramp->detail;
  }
  if (const auto& unread = report.observation.history_problem; !unread.empty()) {
    text += "; the past could not be read: " + unread;
  }
  if (report.shortfall) {
    const Replicas missing = report.shortfall->missing();
    text += missing > Replicas{0} ? "; SHORT of " + std::to_string(missing.count()) + " replicas: "
                                  : std::string("; NOT REDUNDANT: ");
    text += report.shortfall->detail;
  }
  if (report.outlook) {
    if (const auto* ahead = model::most_urgent(*report.outlook))
      text.append(model::kShortAhead).append(ahead->detail);
  }
  return text;
}

bool raised_by_floor(const model::PlanReport& report) {
  return std::ranges::any_of(report.verdicts, [](const model::GuardVerdict& verdict) {
    return verdict.reason == std::string_view{model::reason::kRaisedToRedundancyFloor};
  });
}

/// The most that is ahead is no less than what is needed by now, which knows of lost domains, and
/// can be had; what cannot is a shortfall of now.
void carry_into_outlook(model::PlanReport& report) {
  const Replicas required = std::min(required_by(report), report.plan.total_to());
  if (!report.outlook || required <= report.outlook->most.required) return;
  report.outlook->most = {.at = std::max(report.at, report.peak.at),
                          .viewers = report.sizing.planned,
                          .required = required,
                          .available = required};
}

}  // namespace

void conclude(model::PlanReport& report, const model::EdgePool& pool, const DemandSizing& sized) {
  if (raised_by_floor(report)) report.sizing.basis = model::SizingBasis::kRedundancy;
  carry_into_outlook(report);
  report.shortfall = find_shortfall(report, pool, sized);
  std::optional<Reserve> reserve;
  const model::Spread* spread = model::spread_of(report.observation);
  const bool spread_known = pool.topology_key.empty() ||
                            pool.redundancy.survive == model::Survive::kNone ||
                            (spread && spread->unknown.empty());
  if (sized.demand_known && model::all_domains_known(report.observation) && spread_known) {
    reserve = reserve_of(report.observation, pool.redundancy.survive, sized.limits,
                         sized.survivors_needed);
    const auto spare = [&](const model::Observation& seen) {
      return spare_viewers(seen, pool.capacity, *reserve);
    };
    report.spare_viewers =
        report.doubted_fall ? spare(believed(report)) : spare(report.observation);
    report.reserve_missing = reserve->missing;
  }
  report.conditions = conditions_of(report, pool, reserve);
  report.summary = summarize(report, pool.redundancy.survive, sized);
}

}  // namespace edgetide::planning
