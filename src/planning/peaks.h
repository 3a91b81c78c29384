#pragma once

#include "edgetide/planning/plan.h"

namespace edgetide::planning {

/// The forecast that a decision rests on.
struct Peaks {
  model::WindowPeak to_rise;  ///< Until a decision made at the next look could serve.
  model::WindowPeak to_fall;  ///< Over two lead times, five minutes more than one
                              ///< at most: what a smaller fleet would have to meet.
};

[[nodiscard]] Peaks forecast_peaks(const PlanInputs& inputs, Instant now);

/// The rest of the decision, for peaks from wherever they may come.
[[nodiscard]] PlanResult plan_for(const PlanInputs& inputs, const Peaks& peaks, Instant now);

}  // namespace edgetide::planning
