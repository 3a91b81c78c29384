#pragma once

#include <span>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"
#include "simulation/pool_fleet.h"

namespace edgetide::simulation {

/// What is left of so many by failure domain after the loss that must be survived.
[[nodiscard]] Replicas left_after_loss(const model::EdgePool& pool, const model::Fleet& by_domain);

/// What a loss takes from what is ordered of a pool's targets, judged from what stood at a look: of
/// one workload, whatever its scheduler and its controller make of the order.
class OrderedLoss {
 public:
  /// \pre all of them outlive it
  OrderedLoss(const model::EdgePool& pool, const PoolFleet& fleet, const Standing& seen)
      : pool_(pool), workload_(fleet.workload()), seen_(seen) {}

  /// What is left of those orders, by target.
  [[nodiscard]] Replicas left_of(const model::Fleet& targets) const;
  /// Those orders are so many before the loss and leave them after it; where none within the pool's
  /// bounds do, as many as the best.
  [[nodiscard]] bool carries(const model::Fleet& targets, Replicas survivors) const;
  /// The pool's bounds, with these limits of its targets, hold what leaves so many.
  [[nodiscard]] bool can_leave(Replicas survivors, std::span<const Replicas> limits) const;
  /// By target, the fewest that leave so many, as far as the limits allow.
  [[nodiscard]] model::Fleet fewest(Replicas survivors, std::span<const Replicas> limits) const;

 private:
  /// On nodes, in the zones that are not gone.
  [[nodiscard]] model::Fleet placed() const;
  [[nodiscard]] Replicas left_of_workload(Replicas total) const;

  const model::EdgePool& pool_;
  const OneWorkload* workload_;
  const Standing& seen_;
};

}  // namespace edgetide::simulation
