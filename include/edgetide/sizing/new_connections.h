#pragma once

#include <span>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"

namespace edgetide::sizing {

/// TLS connections that are opened beside those of the viewers who stay.
struct NewConnections {
  HandshakesPerSecond of_arrivals;    ///< By viewers who come,
  HandshakesPerSecond of_reconnects;  ///< and by those who come back after a loss.
};

/// What the viewers of the fullest failure domain open when it is lost, who come back to the others
/// within the pool's reconnect time.
///
///   a third of 90,000 viewers, back within 60 s, 2 handshakes each: 1,000 a second
[[nodiscard]] HandshakesPerSecond reconnects_of(Ratio share_lost, Viewers viewers,
                                                const model::EdgePool& pool);

/// The share of the viewers that the fullest domain has, where each replica has as many; none where
/// there is no other domain that could take them in.
[[nodiscard]] Ratio fullest_share(std::span<const Replicas> fleet);

/// The same of as many domains as may hold any, evenly filled; of a workload that the scheduler
/// spreads no less than of what stands, and none where nobody knows how it is spread.
[[nodiscard]] Ratio least_fullest_share(const model::EdgePool& pool,
                                        const model::Observation& observation);

}  // namespace edgetide::sizing
