#pragma once

#include <optional>
#include <vector>

#include "edgetide/planning/plan.h"

namespace edgetide::planning {

/// The highest demand of a window, by both coverages that are wanted of it.
struct Peak {
  model::WindowPeak window;
  Viewers after_loss;  ///< Not exceeded with redundancy's confidence: for what a loss leaves.
  ViewersPerSecond steepest_after_loss;  ///< The fastest that these come.
};

/// The forecast that a decision rests on.
struct Peaks {
  /// A peak that a rise in steps has to meet.
  struct Later {
    Seconds reached_by;  ///< From now: the first decision that does not meet the one before.
    Peak peak;
  };

  Peak to_rise;  ///< Until a decision made at the next look could serve.
  Peak to_fall;  ///< Over two lead times, five minutes more than one
                 ///< at most: what a smaller fleet would have to meet.
  /// What the upstream has to be ready for when orders for it are given: farther by its lead time.
  /// Nothing for a pool that draws from none.
  std::optional<Peak> to_draw;
  std::vector<Later> to_ramp;  ///< By time, where not all can be ordered at once.
};

[[nodiscard]] Peaks forecast_peaks(const PlanInputs& inputs, Instant now);

/// The rest of the decision, for peaks from wherever they may come.
[[nodiscard]] PlanResult plan_for(PlanInputs inputs, const Peaks& peaks, Instant now);

}  // namespace edgetide::planning
