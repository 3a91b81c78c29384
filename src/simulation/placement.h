#pragma once

#include <span>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/model/fleet.h"

namespace edgetide::simulation {

/// A failure domain in the eyes of a scheduler that is bound to a `maxSkew` (`DoNotSchedule`).
struct PlacementZone {
  Replicas stands;
  Replicas limit;      ///< On all nodes that it has or can have.
  bool takes = true;   ///< One of its nodes takes a replica in, up to the limit.
  bool counts = true;  ///< It has nodes, and so is one of those that are compared.
};

/// Where one more may go: into a zone that takes it, and that is then no more than `max_skew`
/// larger than the smallest of those that count.
///
///   standing 4, 3, 5   max_skew 1  ->  the second    max_skew 2  ->  the first and the second
[[nodiscard]] std::vector<std::size_t> zones_for_one_more(std::span<const PlacementZone> zones,
                                                          int max_skew);

/// The fewest of `total` that are left when the fullest zone is lost, wherever the scheduler puts
/// those that come to what stands and whichever their controller takes away. Found by placing one
/// after the other as it hurts most.
[[nodiscard]] Replicas surely_left(model::Fleet standing, int max_skew, Replicas total);

}  // namespace edgetide::simulation
