#pragma once

#include <span>
#include <string>
#include <vector>

#include "edgetide/guard/guard.h"
#include "paced_fleet.h"
#include "peaks.h"

namespace edgetide::planning {

/// What the demand asks for, before any guard has spoken. Every fleet has one entry a domain.
struct DemandSizing {
  model::Sizing sizing;     ///< Of the planned peak.
  guard::Fleet wanted;      ///< Rises to `sizing`, falls no further than the peak to fall allows.
  guard::Fleet remembered;  ///< What later plans are to know was wanted; no doubt may lower it.
  guard::Fleet floor;       ///< Carries the viewers of this moment after the loss.
  guard::Fleet at_maximum;
  guard::Fleet limits;        ///< The most that each domain may hold.
  Replicas minimum;           ///< Of the pool, or of an event that is near.
  std::string minimum_of;     ///< The event whose minimum decided the size; empty where none did.
  Replicas survivors_needed;  ///< For the viewers of this moment: left after the loss,
  Replicas serving_needed;    ///< and to carry them while nothing is lost.
  bool demand_known = false;
  bool doubtful = true;  ///< Something is not fresh and complete, so nothing may be lowered.
  std::vector<model::GuardVerdict> verdicts;
};

/// What all others will fetch from the pool; nothing where none does.
[[nodiscard]] std::optional<BitsPerSecond> drawn_total(const PlanInputs& inputs);

/// What stands and was written of late, for a rise in steps.
[[nodiscard]] Standing standing_of(const PlanInputs& inputs, Instant now);

/// What the pool will fetch from its upstream, by the peak to draw for and the plan; nothing
/// without an upstream, or while its egress is not known.
[[nodiscard]] std::optional<model::DrawnLoad> draws_of(const PlanInputs& inputs, const Peaks& peaks,
                                                       const model::ScalingPlan& plan, Instant now);

/// `pool` is the inputs' without what is rebuilt of the `outages`; what stands in a domain that may
/// hold nothing stays there and carries nothing.
[[nodiscard]] DemandSizing size_demand(const PlanInputs& inputs, const model::EdgePool& pool,
                                       std::span<const model::DomainOutage> outages,
                                       const Peaks& peaks, Instant now);

}  // namespace edgetide::planning
