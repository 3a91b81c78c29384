#pragma once

#include <string>

#include "edgetide/model/capacity_outlook.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/room.h"

namespace edgetide::planning {

/// The shortfall as a sentence: how much of what is missing, for whom and when, why, what would
/// help and by when.
/// \param viewers that are to be prepared for at its peak
[[nodiscard]] std::string shortfall_text(const model::ShortfallAhead& shortfall, Viewers viewers,
                                         const model::EdgePool& pool, const model::Room& room,
                                         Instant now);

}  // namespace edgetide::planning
