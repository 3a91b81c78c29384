#pragma once

#include <string>

#include "demand_sizing.h"

namespace edgetide::planning {

/// What was seen; while a fall is doubted, with those who are believed to be there in place of the
/// viewers told.
[[nodiscard]] model::Observation believed(const model::PlanReport& report);

/// What serves and what a loss leaves is held against those who are believed to be there.
/// \pre a fall is doubted
void size_for_believed(DemandSizing& sized, const model::EdgePool& pool,
                       const model::PlanReport& report);

/// Whom a report goes by: "the viewers of this moment", or those believed to be there.
[[nodiscard]] std::string viewers_gone_by(const model::PlanReport& report);

}  // namespace edgetide::planning
