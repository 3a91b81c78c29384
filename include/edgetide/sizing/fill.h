#pragma once

#include <optional>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/upstream.h"

namespace edgetide::sizing {

/// A fleet that fetches from its upstream.
struct DrawingFleet {
  std::optional<BitsPerSecond> egress;  ///< That it will serve; nothing when that is not known.
  Replicas replicas;                    ///< That will run, with redundancy.
  Replicas cold;                        ///< Of them, those whose caches are still empty.
};

/// What the fleet will fetch, at most:
///
///   fill x egress              what its caches miss
///   live_fill x replicas       each fetches each rendition once, whoever watches
///   cold_fill x cold ones      filling empty caches
///
/// 40 replicas that serve 200 Gbit/s, 10 of them cold, with a fill of 5 %, 60 Mbit/s of renditions
/// and 500 Mbit/s while cold: 10 + 2.4 + 5 = 17.4 Gbit/s.
///
/// With a fill of more than nothing and an egress that is not known, nothing.
[[nodiscard]] std::optional<model::DrawnLoad> fill_of(const model::Upstream& upstream,
                                                      const DrawingFleet& fleet);

}  // namespace edgetide::sizing
