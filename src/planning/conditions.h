#pragma once

#include <vector>

#include "demand_sizing.h"

namespace edgetide::planning {

/// Every condition of a pool, always all of them. \pre the report's plan and shortfall are final.
[[nodiscard]] std::vector<model::Condition> conditions_of(const model::PlanReport& report,
                                                          const model::EdgePool& pool,
                                                          const DemandSizing& sized);

}  // namespace edgetide::planning
