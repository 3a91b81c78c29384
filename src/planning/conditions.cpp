#include "conditions.h"

#include <algorithm>

#include "believed.h"
#include "edgetide/core/grouped.h"
#include "edgetide/model/reasons.h"
#include "edgetide/sizing/unknown_loads.h"
#include "outages.h"
#include "words.h"

namespace edgetide::planning {
namespace {

using model::Condition;
using model::ConditionStatus;
namespace reason = model::reason;

Condition able_to_scale(const model::PlanReport& report) {
  constexpr const char* type = "AbleToScale";
  if (auto unread = unread_domain(report.observation); !unread.empty())
    return {type, ConditionStatus::kFalse, reason::kTargetUnknown, std::move(unread)};
  if (report.contended) {
    return {type, ConditionStatus::kFalse, reason::kContended,
            "somebody else keeps lowering the targets"};
  }
  if (report.mode == model::Mode::kDryRun) {
    return {type, ConditionStatus::kTrue, reason::kDryRun,
            "decisions are reported and not written"};
  }
  return {type, ConditionStatus::kTrue, reason::kReady, "every target was read"};
}

Condition scaling_active(const model::PlanReport& report) {
  if (report.sizing.basis == model::SizingBasis::kHold) {
    return {"ScalingActive", ConditionStatus::kFalse, reason::kNoDemand,
            "neither demand nor a forecast to size by"};
  }
  return {"ScalingActive", ConditionStatus::kTrue, reason::kDeciding,
          "sized by " + std::string(model::to_string(report.sizing.basis))};
}

/// What is wanted lies within the pool's bounds already, which keep back what is needed beyond.
bool is_bounded(const model::PlanReport& report) {
  return report.shortfall && (report.shortfall->cause == reason::kMaximumReached ||
                              report.shortfall->cause == reason::kDomainLimits);
}

Condition scaling_limited(const model::PlanReport& report) {
  constexpr const char* type = "ScalingLimited";
  if (!report.verdicts.empty()) {
    const auto& last = report.verdicts.back();
    return {type, ConditionStatus::kTrue, last.reason, last.detail};
  }
  if (is_bounded(report))
    return {type, ConditionStatus::kTrue, report.shortfall->cause, report.shortfall->detail};
  return {type, ConditionStatus::kFalse, reason::kWithinLimits,
          "no limit and no guard changes what is wanted"};
}

Condition forecast_ready(const model::PlanReport& report) {
  const std::string& unread = report.observation.history_problem;
  if (!unread.empty()) {
    return {"ForecastReady", ConditionStatus::kFalse, reason::kPastUnread,
            "the past could not be read: " + unread};
  }
  if (report.peak.stage == model::ForecastStage::kNone) {
    return {"ForecastReady", ConditionStatus::kFalse, reason::kTooLittleHistory,
            "too little has been seen; capacity is held or raised, never lowered"};
  }
  const std::string learned =
      "habits are known at the stage " + std::string(model::to_string(report.peak.stage));
  if (report.peak.outweighed_by == model::Forecaster::kEdgetide)
    return {"ForecastReady", ConditionStatus::kTrue, reason::kLearned, learned};
  const bool season = report.peak.outweighed_by == model::Forecaster::kSeasonal;
  return {"ForecastReady", ConditionStatus::kTrue, reason::kOutweighed,
          learned + "; for a day " + (season ? "last week's demand" : "the demand of the moment") +
              " has forecast this pool better and has the larger say"};
}

/// "a 4, b 3": the failure domains that lack replicas.
std::string missing_text(const model::PlanReport& report, const Reserve& reserve) {
  const auto domains = model::failure_domains(report.observation);
  std::string missing;
  for (std::size_t i = 0; i < reserve.missing.size(); ++i) {
    if (reserve.missing[i] == Replicas{0}) continue;
    missing +=
        (missing.empty() ? " missing: " : ", ") + domains[i].name + " " + text(reserve.missing[i]);
  }
  if (reserve.without_room > Replicas{0}) {
    missing += (missing.empty() ? " missing: " : ", and ") + text(reserve.without_room) +
               " that no domain may hold";
  }
  return missing;
}

Condition redundancy_met(const model::PlanReport& report, const model::EdgePool& pool,
                         const std::optional<Reserve>& reserve) {
  const model::Spread* spread = model::spread_of(report.observation);
  const bool known = model::all_domains_known(report.observation);
  const bool loses = pool.redundancy.survive == model::Survive::kFailureDomain;
  if (loses && !pool.topology_key.empty() && known && !(spread && spread->unknown.empty())) {
    return {"RedundancyMet", ConditionStatus::kUnknown, reason::kSpreadUnknown,
            "in which failure domain the replicas stand is not known" +
                (spread ? ": " + spread->unknown : "")};
  }
  if (!reserve) {
    return {"RedundancyMet", ConditionStatus::kUnknown, reason::kDemandUnknown,
            "the demand or a domain is not known"};
  }
  const std::string numbers =
      joined({text(reserve->left), " Ready replicas ",
              reserve->lost.empty() ? "as they are" : "without domain ", reserve->lost, ", ",
              text(reserve->needed), " needed for ", viewers_gone_by(report)});
  if (reserve->met()) {
    return {"RedundancyMet", ConditionStatus::kTrue, reason::kSurvives, numbers};
  }
  const bool unbound = spread && !spread->max_skew;
  return {"RedundancyMet", ConditionStatus::kFalse, reason::kReserveMissing,
          numbers + ";" + missing_text(report, *reserve) +
              (unbound ? "; no topologySpreadConstraint with DoNotSchedule binds the scheduler to "
                         "put more there"
                       : "")};
}

Condition domains_serving(const model::PlanReport& report) {
  if (report.outages.empty()) {
    return {"DomainsServing", ConditionStatus::kTrue, reason::kServing,
            "something serves in every domain that is to"};
  }
  const auto& longest = *std::ranges::min_element(report.outages, {}, &model::DomainOutage::since);
  const std::string silent = silence_of(report.observation, report.outages);
  if (!longest.rebuilt) {
    return {"DomainsServing", ConditionStatus::kFalse, reason::kDomainSilent,
            silent + "; the reserve carries its viewers"};
  }
  return {"DomainsServing", ConditionStatus::kFalse, reason::kDomainRebuilt,
          silent + (longest.serving > Replicas{0}
                        ? "; the others carry the rest of its part as well"
                        : "; the others carry its part as well, and its target stays as it is")};
}

Condition demand_fresh(const model::PlanReport& report) {
  const auto& viewers = report.observation.demand.viewers;
  if (viewers.fresh() && report.doubted_fall) {
    const model::DoubtedFall& fall = *report.doubted_fall;
    return {"DemandFresh", ConditionStatus::kFalse, reason::kSuddenFall,
            grouped(viewers.value) +
                " viewers are told and not believed: " + grouped(fall.believed.count()) +
                " are believed to be there until " + to_string(fall.until) + ", since at " +
                clock_text(fall.at) + " the viewers fell faster than any audience leaves, while " +
                fall.event + " goes on"};
  }
  if (viewers.fresh()) {
    return {"DemandFresh", ConditionStatus::kTrue, reason::kFresh,
            "viewers read at " + to_string(viewers.at)};
  }
  return {"DemandFresh", ConditionStatus::kFalse, std::string(model::to_string(viewers.freshness)),
          viewers.detail};
}

using UnknownLoads = std::vector<sizing::UnknownLoad>;

Condition capacity_shortfall(const model::PlanReport& report, const UnknownLoads& unknown) {
  constexpr const char* type = "CapacityShortfall";
  if (report.shortfall) {
    const auto& shortfall = *report.shortfall;
    return {type, ConditionStatus::kTrue, shortfall.cause,
            joined({text(shortfall.granted), " of ", text(shortfall.required), " replicas at ",
                    to_string(shortfall.at), "; ", shortfall.detail})};
  }
  if (report.sizing.basis == model::SizingBasis::kHold) {
    return {type, ConditionStatus::kUnknown, reason::kDemandUnknown,
            "what is needed is not known: neither demand nor a forecast to size by"};
  }
  if (!unknown.empty()) {
    return {type, ConditionStatus::kUnknown, reason::kDemandUnknown,
            "what is known to be needed can be had; " + sizing::text_of(unknown)};
  }
  return {type, ConditionStatus::kFalse, reason::kEnough, "everything that is needed can be had"};
}

Condition capacity_shortfall_ahead(const model::PlanReport& report, bool loads_known) {
  constexpr const char* type = "CapacityShortfallAhead";
  if (!report.outlook) {
    return {type, ConditionStatus::kUnknown, reason::kTooLittleHistory,
            "too little is known to look ahead"};
  }
  const auto& [until, most, shortfalls, unknown] = *report.outlook;
  if (const auto* first = model::most_urgent(*report.outlook))
    return {type, ConditionStatus::kTrue, first->cause, first->detail};
  return {type, loads_known ? ConditionStatus::kFalse : ConditionStatus::kUnknown,
          loads_known ? reason::kEnough : reason::kDemandUnknown,
          joined({"until ", to_string(until), ", by what is foreseen, up to ", text(most.required),
                  " replicas are needed, for ", grouped(most.viewers.count()), " viewers at ",
                  to_string(most.at), unknown.empty() ? "" : "; ", unknown})};
}

Condition paused(const model::PlanReport& report, const model::EdgePool& pool) {
  if (!pool.pause_problem.empty()) {
    return {"Paused", ConditionStatus::kUnknown, reason::kInvalidPause,
            "decided as if not paused: " + pool.pause_problem};
  }
  if (!report.pause) {
    return {"Paused", ConditionStatus::kFalse, reason::kNotPaused, "the pool is decided upon"};
  }
  const auto& replicas = report.pause->replicas;
  return {"Paused", ConditionStatus::kTrue, reason::kPaused,
          "until " + to_string(report.pause->until) +
              (replicas ? " at " + text(*replicas) + " replicas"
                        : ": nothing is lowered, and only "
                          "the viewers of this moment may raise it")};
}

}  // namespace

std::vector<Condition> conditions_of(const model::PlanReport& report, const model::EdgePool& pool,
                                     const std::optional<Reserve>& reserve) {
  const auto unknown = sizing::unknown_loads(pool.capacity, report.observation.demand);
  std::vector<Condition> conditions;
  conditions.reserve(12);  // with those that the controller adds
  conditions.push_back(able_to_scale(report));
  conditions.push_back(scaling_active(report));
  conditions.push_back(scaling_limited(report));
  conditions.push_back(forecast_ready(report));
  conditions.push_back(redundancy_met(report, pool, reserve));
  conditions.push_back(domains_serving(report));
  conditions.push_back(demand_fresh(report));
  conditions.push_back(capacity_shortfall(report, unknown));
  conditions.push_back(capacity_shortfall_ahead(report, unknown.empty()));
  conditions.push_back(paused(report, pool));
  return conditions;
}

}  // namespace edgetide::planning
