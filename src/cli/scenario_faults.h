#pragma once

#include <optional>
#include <string>

#include "cli/scenario_audience.h"
#include "cli/scenario_pools.h"
#include "kube/validation.h"
#include "simulation/scenario.h"

namespace edgetide::cli {

/// One item of a scenario's faults. What is over before the night, or begins after it, is a
/// problem, of a night that is known, and so is what is of loads that nobody brings.
[[nodiscard]] simulation::Fault read_fault(const json::Value& item, const std::string& path,
                                           kube::Findings& findings,
                                           const std::optional<Night>& night,
                                           const LivedLoads& lived);

/// The zone that is lost, within the night: of one that was lost before nobody knows which it was.
[[nodiscard]] simulation::ZoneLoss read_zone_loss(kube::Fields lost,
                                                  const std::optional<Night>& night);

}  // namespace edgetide::cli
