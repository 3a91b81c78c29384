#pragma once

#include "edgetide/model/forecast.h"

namespace edgetide::model {

/// Whether there are numbers to tell: first ones come before the first stage, and may raise; later
/// ones are zero where nobody is expected.
[[nodiscard]] inline bool has_numbers(const WindowPeak& peak) {
  return peak.stage != ForecastStage::kNone || peak.quantile > Viewers{0};
}

}  // namespace edgetide::model
