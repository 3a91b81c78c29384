#pragma once

#include <optional>
#include <string>

#include "simulation/policies.h"
#include "simulation/world.h"

namespace edgetide::simulation {

/// Watches for a fleet that stays larger than its own plans want, by more than a fall is worth,
/// though its policies let some of it go.
class Excess {
 public:
  /// After each look at the pool.
  void note(const model::EdgePool& pool, const model::PlanReport& report, Instant now);
  /// What stays, where nothing has been lowered for longer than all windows of the pool's and a
  /// lead time, twenty minutes after the last fault; or nothing.
  [[nodiscard]] std::optional<std::string> lingers(const World& world,
                                                   const model::EdgePool& pool) const;

 private:
  std::optional<Instant> since_;
  Replicas stays_;
  Replicas wanted_;
};

/// Why a pool is not as it should be, twenty minutes after the last fault: by its last decision its
/// reserve is not there, and neither a shortfall nor a pause says why; or far more stays than is
/// wanted. Nothing when neither is so, and for twenty minutes after a fault.
[[nodiscard]] std::optional<std::string> unsettled(const World& world, const model::EdgePool& pool,
                                                   const Decision* last, const Excess& excess);

}  // namespace edgetide::simulation
