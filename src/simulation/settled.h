#pragma once

#include <optional>
#include <string>

#include "simulation/policies.h"
#include "simulation/world.h"

namespace edgetide::simulation {

/// Why a pool is not as it should be, twenty minutes after the last fault: by its last decision its
/// reserve is not there, and neither a shortfall nor a pause says why. Nothing when it is, and for
/// twenty minutes after a fault.
[[nodiscard]] std::optional<std::string> unsettled(const World& world, const Decision* last);

}  // namespace edgetide::simulation
