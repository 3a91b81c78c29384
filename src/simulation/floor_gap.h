#pragma once

#include <optional>
#include <vector>

#include "simulation/loss.h"
#include "simulation/policies.h"
#include "simulation/world.h"

namespace edgetide::simulation {

/// The limits without the targets of which nothing serves.
[[nodiscard]] model::Fleet serving_limits(const World& world);

/// How many are missing to the floor, which are ordered at once, whichever domains count as lost.
class FloorGap {
 public:
  /// \pre the world outlives it.
  explicit FloorGap(const World& world) : world_(world) {}

  /// At each look, by target: since when less than half of what is asked for serves.
  void note(const std::vector<DomainCounts>& before);
  /// At most, of what stood before the decision.
  [[nodiscard]] int most(const Decision& decision, const OrderedLoss& loss,
                         const std::vector<DomainCounts>& before) const;

 private:
  const World& world_;
  std::vector<std::optional<Instant>> failing_since_;
};

}  // namespace edgetide::simulation
