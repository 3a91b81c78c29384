#pragma once

#include <string>

#include "edgetide/planning/capacity_outlook.h"

namespace edgetide::planning {

/// The shortfall as a sentence: how much of what is missing, for whom and when, why, what would
/// help and by when.
/// \param viewers that are to be prepared for at its peak
[[nodiscard]] std::string shortfall_text(const model::ShortfallAhead& shortfall, Viewers viewers,
                                         const OutlookInputs& inputs, Instant now);

}  // namespace edgetide::planning
