#pragma once

#include <span>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"

namespace edgetide::simulation {

/// Replicas that carry the viewers within target utilization, with the spare ones: what has to be
/// left after the loss that must be survived.
[[nodiscard]] Replicas survivors_for(const model::EdgePool& pool, Viewers viewers);

/// By failure domain, the fewest that leave so many after that loss, as far as the limits allow.
[[nodiscard]] model::Fleet surviving(const model::EdgePool& pool, Replicas survivors,
                                     std::span<const Replicas> limits);

}  // namespace edgetide::simulation
