#pragma once

#include <span>

#include "edgetide/core/quantity.h"
#include "edgetide/model/fleet.h"

namespace edgetide::simulation {

/// Where a size is placed.
struct SpreadDomain {
  Replicas stands;  ///< What is specified there now.
  Replicas limit;
  bool alive = true;  ///< A lost domain takes nothing and gives up what it has.
};

/// `total` over the domains as a scheduler with a soft spread constraint does: growing goes to the
/// emptiest, shrinking takes from the fullest, nothing moves that need not.
[[nodiscard]] model::Fleet spread(std::span<const SpreadDomain> domains, Replicas total);

}  // namespace edgetide::simulation
