#pragma once

#include <vector>

#include "edgetide/planning/plan.h"

namespace edgetide::planning {

/// The fleet that would stand had every decision of a dry run been carried out. A rise serves a
/// lead time later, a fall leaves at once, those that have not begun to serve first; nothing fails.
struct ShadowFleet {
  struct Rise {
    Instant serves_at;
    std::size_t domain = 0;
    Replicas replicas;
  };

  model::PlanMemory memory;
  model::Fleet specified;    ///< By domain; empty before the first look that knew every domain.
  std::vector<Rise> rising;  ///< By time.
  Instant last_look{};
};

/// The decision on what stands, as plan() makes it. Beside it the same is decided for the shadow
/// and carried out there; the report tells what both fleets took since the last look.
[[nodiscard]] PlanResult plan_dry_run(const PlanInputs& inputs, ShadowFleet& shadow, Instant now);

}  // namespace edgetide::planning
