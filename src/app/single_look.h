#pragma once

#include <chrono>
#include <vector>

#include "app/operator.h"
#include "edgetide/controller/reconciler.h"
#include "edgetide/model/plan_report.h"

namespace edgetide::app {

/// The decisions of one look at each pool that `wanted` names, or at all pools when it is empty, by
/// the operator's own reconciler. Nothing is written. kNotFound names a pool that does not exist.
[[nodiscard]] Result<std::vector<model::PlanReport>> look_once(
    ports::PoolRepository& pools, ports::DemandSource& demand, ports::EventSource& events,
    const ports::Clock& clock, const std::vector<ObjectKey>& wanted);

/// The same over a live cluster, which is waited for at most that long.
[[nodiscard]] Result<std::vector<model::PlanReport>> look_at_cluster(
    const OperatorOptions& options, const std::vector<ObjectKey>& wanted,
    std::chrono::milliseconds patience);

}  // namespace edgetide::app
