#pragma once

#include <span>
#include <vector>

#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::forecast {

/// A moment ahead as a distribution of demand.
struct FanPoint {
  Instant at;
  Viewers mean;
  Viewers median;
  std::vector<Viewers> quantiles;  ///< One for each level asked for; they never fall.
};

/// What is looked at: `step`, 2 `step`, ... after now, up to `length`.
struct FanSpan {
  Instant now;
  Seconds length;
  Seconds step;
};

/// Demand ahead by `path`, at several levels of [0.5, 0.99999], in rising order. The spread around
/// the path is that of the highest demand until then, so a level is kept at least as often as it
/// says. Empty before anything was seen.
///
/// *Mean*: of the distribution whose lower half mirrors its upper one in ln(viewers + offset), the
/// measure that errors are learned in, over its middle 95 %: the outermost tails, of which nobody
/// has seen enough, would make it as large as one likes. Quantiles of 1,000, 1,100 and 1,210 stand
/// for 1,000, 909 and 826 below.
[[nodiscard]] std::vector<FanPoint> fan(const ForecastState& state, const FanSpan& span,
                                        std::span<const double> levels, const Context& context);

}  // namespace edgetide::forecast
