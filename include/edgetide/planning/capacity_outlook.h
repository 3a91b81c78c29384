#pragma once

#include <optional>
#include <span>
#include <vector>

#include "edgetide/forecast/days_ahead.h"
#include "edgetide/model/capacity_outlook.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"

namespace edgetide::planning {

/// How far ahead capacity is looked at, and how finely.
inline constexpr Seconds kOutlookLength{std::chrono::hours{48}};
inline constexpr Seconds kOutlookStep{std::chrono::minutes{15}};

/// What an outlook is made from.
struct OutlookInputs {
  const model::EdgePool& pool;
  const model::Observation& observation;
  const model::EventCalendar& calendar;
  Seconds review{15};  ///< Between two decisions.
  std::vector<model::DomainOutage> outages{};
  Seconds length{kOutlookLength};
};

/// Holds what `demand` will take against what can be had then.
///
/// *Limits* are judged by the high demand: `replicas.max`, the domains' `maxReplicas` and what the
/// cluster has room for, for a fleet that survives what it must. *Speed* is judged by the median,
/// and only where decisions are carried out: what a pool's `behavior.scaleUp` lets it add from step
/// to step, and the lead time, within which nothing serves but what stands. A lone domain survives
/// nothing, whatever its size: it is judged by what serves. A domain that is rebuilt in the others
/// by now is taken to stay lost.
///
/// Missing times no more than an hour apart are one shortfall, which has the cause that it has at
/// its peak. At most eight are told.
///
/// \param demand steps of kOutlookStep, as forecast::days_ahead tells them
/// \return nothing when no resource has a need to go by, or nothing is forecast
[[nodiscard]] std::optional<model::CapacityOutlook> capacity_outlook(
    const OutlookInputs& inputs, std::span<const forecast::DayAhead> demand, Instant now);

/// The same with the pool's own forecast.
[[nodiscard]] std::optional<model::CapacityOutlook> capacity_outlook(
    const OutlookInputs& inputs, const forecast::ForecastState& state,
    const model::UtcOffsets& offsets, Instant now);

}  // namespace edgetide::planning
