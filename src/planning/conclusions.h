#pragma once

#include "demand_sizing.h"

namespace edgetide::planning {

/// Fills in what follows from the finished plan: shortfall, spare viewers, conditions, the basis
/// where redundancy decided, and the sentence that sums it up.
void conclude(model::PlanReport& report, const model::EdgePool& pool, const DemandSizing& sized);

}  // namespace edgetide::planning
