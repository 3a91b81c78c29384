#pragma once

#include <optional>

#include "demand_sizing.h"

namespace edgetide::planning {

/// What the plan is to stand for, with what is rebuilt of a lost domain in the others.
[[nodiscard]] Replicas required_by(const model::PlanReport& report);

/// What is needed and cannot be had, or does not serve yet, with its gravest cause.
/// \param report with its finished plan
[[nodiscard]] std::optional<model::Shortfall> find_shortfall(const model::PlanReport& report,
                                                             const model::EdgePool& pool,
                                                             const DemandSizing& sized);

}  // namespace edgetide::planning
