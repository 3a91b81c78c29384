#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "app/operator.h"
#include "edgetide/controller/reconciler.h"
#include "edgetide/forecast/forecast_state.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::app {

/// What one look at a pool came to, and what it rests on.
struct Look {
  model::EdgePool pool;
  model::PlanReport report;
  std::optional<forecast::ForecastState> learned;  ///< Nothing while viewers are not fresh.
  model::EventCalendar calendar;
  model::UtcOffsets offsets;
};

/// One look at each pool that `wanted` names, or at all pools when it is empty, by the operator's
/// own reconciler. Nothing is written. kNotFound names a pool that does not exist.
[[nodiscard]] Result<std::vector<Look>> look_once(ports::PoolRepository& pools,
                                                  ports::DemandSource& demand,
                                                  ports::EventSource& events,
                                                  const ports::Clock& clock,
                                                  const std::vector<ObjectKey>& wanted);

/// The same at `now` by an operator that has looked at all pools for that long before, as they
/// stand and at their demand of then: one that has just begun remembers too little to lower
/// anything.
[[nodiscard]] Result<std::vector<Look>> look_remembering(ports::PoolRepository& pools,
                                                         ports::DemandSource& demand,
                                                         ports::EventSource& events, Instant now,
                                                         Seconds before,
                                                         const std::vector<ObjectKey>& wanted);

/// The same over a live cluster, which is waited for at most that long.
[[nodiscard]] Result<std::vector<Look>> look_at_cluster(const OperatorOptions& options,
                                                        const std::vector<ObjectKey>& wanted,
                                                        std::chrono::milliseconds patience);

}  // namespace edgetide::app
