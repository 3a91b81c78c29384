#pragma once

#include "demand_sizing.h"

namespace edgetide::planning {

/// What is Ready, held against the loss that must be survived. Starting, leaving and unschedulable
/// replicas are no reserve.
struct Reserve {
  Replicas left;         ///< Ready after that loss.
  Replicas needed;       ///< To be left, for the viewers of this moment.
  std::string lost;      ///< The failure domain whose loss is the worst; empty when none has to be.
  model::Fleet missing;  ///< By failure domain, the fewest that would have to become Ready.
  Replicas without_room{0};  ///< Missing beyond that, since no domain may hold more.

  [[nodiscard]] bool met() const { return left >= needed; }
};

/// `limits`: the most that each of the pool's domains may hold; a workload that the scheduler
/// spreads may have all of its own in any failure domain. \pre the demand, every domain, and where
/// a workload is spread, are known
[[nodiscard]] Reserve reserve_of(const model::Observation& observation, model::Survive survive,
                                 const model::Fleet& limits, Replicas needed);

/// All that serve, wherever they stand, counted by warmth.
[[nodiscard]] Replicas warm_of(const model::Observation& observation);

/// By failure domain, the viewers like those of today that what serves beyond the reserve could
/// take in within target utilization: by the resource that binds, and shared out by what serves
/// where. Empty where nobody knows what a viewer takes.
[[nodiscard]] std::vector<Viewers> spare_viewers(const model::Observation& observation,
                                                 const model::CapacityPerReplica& capacity,
                                                 const Reserve& reserve);

}  // namespace edgetide::planning
