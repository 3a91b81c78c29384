#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "simulation/scenario.h"

namespace edgetide::cli {

/// A scenario as people write it: one YAML document of kind Scenario, with a pool file and calendar
/// files beside it, by paths from its own folder, which are those that a cluster is given.
/// docs/simulation.md lists its fields.
///
/// \param overrides of the pool's fields, as for `backtest --set`
/// \param seed in place of the file's own
/// \param remarks what of the pools the night leaves out, a line each
/// kInvalid with every problem as file:line:column: field, or kNotFound.
[[nodiscard]] Result<simulation::Scenario> read_scenario_file(
    const std::string& path, const std::vector<std::string>& overrides,
    std::optional<std::uint64_t> seed, std::vector<std::string>& remarks);

}  // namespace edgetide::cli
