#pragma once

#include <string_view>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::model {

/// Who forecasts the highest demand of a window.
enum class Forecaster {
  kEdgetide,
  kSeasonal,  ///< Demand as it was a week ago, or a day while less is known.
  kReaction,  ///< The demand of this moment.
};

[[nodiscard]] std::string_view to_string(Forecaster forecaster);  ///< "Edgetide", "Seasonal", ...

/// How one forecaster has done at windows of one length, held against what came.
struct ForecastAccuracy {
  Forecaster forecaster = Forecaster::kEdgetide;
  Seconds window{0};
  Ratio coverage;   ///< Share of windows whose peak stayed within the quantile, over about a week.
  Viewers pinball;  ///< Mean pinball loss at the pool's confidence, over about a day.
};

}  // namespace edgetide::model
