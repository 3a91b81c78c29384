#pragma once

#include <optional>
#include <vector>

#include "config/settings.h"
#include "edgetide/core/result.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/spread.h"

namespace edgetide::cli {

/// --zones and --max-skew: over what the scheduler spreads a workload, which files do not tell.
[[nodiscard]] std::vector<config::Option> zones_options();

/// Nothing without --zones. kInvalid when it is given and none of the pools has a topologyKey, or
/// --max-skew is given alone.
[[nodiscard]] Result<std::optional<model::Spread>> spread_of(
    const config::Settings& settings, const std::vector<model::EdgePool>& pools);

}  // namespace edgetide::cli
