#pragma once

#include <span>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/observation.h"

namespace edgetide::simulation {

/// Replicas that carry the viewers within target utilization, with the spare ones: what has to be
/// left after the loss that must be survived.
[[nodiscard]] Replicas survivors_for(const model::EdgePool& pool, Viewers viewers);

/// For the viewers of this moment as the source tells them, and for what they take and open; with
/// nothing lost, and none spare.
[[nodiscard]] Replicas carrying_now(const model::EdgePool& pool,
                                    const model::DemandReadings& demand);

/// What has to be left for the viewers of this moment and the connections that are told, with the
/// handshakes of those who come back: that share of the viewers, whom a loss takes.
[[nodiscard]] Replicas survivors_for(const model::EdgePool& pool,
                                     const model::DemandReadings& demand, Ratio lost);

/// The share of the viewers that the fullest domain has, at the least: where all are even. None
/// where there is no other that could take them in.
[[nodiscard]] Ratio least_lost(std::size_t domains);
/// At the most: where all hold their limits. Of a workload that is spread anyhow all of them.
[[nodiscard]] Ratio most_lost(const model::EdgePool& pool, std::span<const Replicas> limits);

/// By failure domain, the fewest that leave so many after that loss, as far as the limits allow.
[[nodiscard]] model::Fleet surviving(const model::EdgePool& pool, Replicas survivors,
                                     std::span<const Replicas> limits);

}  // namespace edgetide::simulation
