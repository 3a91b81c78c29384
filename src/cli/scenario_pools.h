#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/edge_pool.h"
#include "kube/validation.h"
#include "simulation/pool_fleet.h"

namespace edgetide::cli {

/// What a scenario says of one of its pools.
struct WrittenPool {
  std::string path;  ///< Of its file.
  std::optional<simulation::NodeRoom> nodes;
  std::optional<simulation::Zones> zones;  ///< Of one workload.
  std::string zones_field;                 ///< "spec.zones"
  std::string zones_place;                 ///< file:line:column
};

/// `pool`, `nodes`, `zones` and `maxSkew`.
[[nodiscard]] WrittenPool read_written_pool(kube::Fields& fields);

/// Which loads are lived through beside viewers; a pool keeps its capacity of these alone.
struct LivedLoads {
  bool egress = false;       ///< Where others are drawn from in turn.
  bool connections = false;  ///< And handshakes.
};

/// The pool that a scenario's viewers draw from, sized by viewers. \param overrides as for
/// `backtest --set`; \param remarks what of the pool the night leaves out, a line each
[[nodiscard]] Result<model::EdgePool> read_nearest_pool(const WrittenPool& written,
                                                        const std::vector<std::string>& overrides,
                                                        const LivedLoads& lived,
                                                        std::vector<std::string>& remarks);

/// Pools that are drawn from, the nearest first, each by the one before it. kInvalid where the
/// chain is none: names, tiers and capacities of egress have to fit.
[[nodiscard]] Result<std::vector<model::EdgePool>> read_upstreams(
    const std::vector<WrittenPool>& written, const model::EdgePool& nearest,
    const std::string& nearest_path, std::vector<std::string>& remarks);

}  // namespace edgetide::cli
