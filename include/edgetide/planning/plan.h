#pragma once

#include <optional>
#include <vector>

#include "edgetide/forecast/forecast_state.h"
#include "edgetide/guard/safeguards.h"
#include "edgetide/model/capacity_outlook.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/model/scaling_plan.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::planning {

/// Everything a decision depends on; the same inputs and `now` always give the same plan.
struct PlanInputs {
  const model::EdgePool& pool;
  const model::Observation& observation;
  const forecast::ForecastState& forecast_state;
  const model::EventCalendar& calendar;
  const model::UtcOffsets& offsets;
  model::PlanMemory memory;         ///< Of the last plan; this one carries it on.
  Seconds review{15};               ///< Until the next decision.
  guard::MassChange mass_change{};  ///< What the other pools of the source want.
  guard::Safeguards safeguards;
  std::optional<model::CapacityOutlook> outlook;  ///< For the report; decides nothing.
  /// Until what is ordered now of the pool that this one draws from serves; zero without one.
  Seconds upstream_lead_time{0};
  std::optional<model::DrawnLoad> drawn;  ///< What the pools that draw from this one will fetch.
};

struct PlanResult {
  model::PlanReport report;         ///< Carries the plan itself.
  model::PlanMemory memory;         ///< To be given to the next plan, after `acted`.
  std::optional<guard::Wish> wish;  ///< Before any guard has spoken; nothing in doubt.
};

/// How far ahead a decision has to look: the slowest domain's start time, and what the pool
/// declares for those of which none has been measured. A measured one counts as no less than the
/// least that the pool asks for, since replicas on nodes that are there start sooner than those
/// that wait for a node; but what is declared may be less than that. What was measured ends with
/// Ready, and the warm-up is added; what is declared has it in it.
[[nodiscard]] Seconds lead_time_in_force(const model::EdgePool& pool,
                                         const model::Observation& observation);

/// The domains of which nothing serves: replicas are asked for and none is Ready, or the domain is
/// not known, and the last plan noted it. Where none serves at all there is nowhere to rebuild.
/// Beside them those of which less than half has served for so long that they are rebuilt, in
/// others of which three quarters serve.
///
/// One that starts anew looks the same, so that none is rebuilt before it had its lead time. One
/// start in twenty takes longer; where more than half do, something keeps them from serving. What
/// counts is asked for all along, so that a rise in many steps is no failure.
[[nodiscard]] std::vector<model::DomainOutage> outages_of(const model::PlanMemory& memory,
                                                          const model::EdgePool& pool,
                                                          const model::Observation& observation,
                                                          Instant now);

/// Decides: window peak -> size -> guard -> verify. Pure; no lookups, no clock, no randomness.
[[nodiscard]] PlanResult plan(PlanInputs inputs, Instant now);

/// Notes in the memory what was really written: one order a domain, by index.
void note_written(model::PlanMemory& memory, const model::ScalingPlan& plan, std::size_t domain,
                  Instant now);

}  // namespace edgetide::planning
