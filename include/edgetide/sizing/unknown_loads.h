#pragma once

#include <string>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"

namespace edgetide::sizing {

/// A resource that a replica has a capacity of and that has no need in needs_for, since its load is
/// not known: what is sized by the others may be too few.
struct UnknownLoad {
  model::Resource resource;
  std::string why;  ///< In the words of who was asked; empty where there are none.
};

/// All of them; viewers, who are forecast, never are one.
[[nodiscard]] std::vector<UnknownLoad> unknown_loads(const model::CapacityPerReplica& capacity,
                                                     const model::DemandReadings& demand);

/// "egress is not known, which may take more (no series answered)"; empty for none.
[[nodiscard]] std::string text_of(const std::vector<UnknownLoad>& unknown);

}  // namespace edgetide::sizing
