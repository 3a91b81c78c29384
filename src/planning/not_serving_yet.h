#pragma once

#include <optional>

#include "edgetide/model/plan_report.h"

namespace edgetide::planning {

/// What carries the viewers of this moment within target utilization and is still on the way, with
/// nothing taken for a loss, which RedundancyMet tells of. Nothing while a domain is not known, nor
/// in a DryRun, where others scale by their own measure and nothing is ordered.
/// \param needed replicas, for those viewers
[[nodiscard]] std::optional<model::Shortfall> not_serving_yet(const model::PlanReport& report,
                                                              Replicas needed);

}  // namespace edgetide::planning
