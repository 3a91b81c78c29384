#pragma once

#include <optional>
#include <vector>

#include "reserve.h"

namespace edgetide::planning {

/// Every condition of a pool, always all of them; without a reserve where the demand or a domain is
/// not known. \pre the report's plan and shortfall are final.
[[nodiscard]] std::vector<model::Condition> conditions_of(const model::PlanReport& report,
                                                          const model::EdgePool& pool,
                                                          const std::optional<Reserve>& reserve);

}  // namespace edgetide::planning
