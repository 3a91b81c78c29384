#pragma once

#include <vector>

#include "edgetide/model/event_calendar.h"

namespace edgetide::calendar {

/// A weekly show bears one name many times; the start makes it many: "Show@2026-12-05T20:00:00Z".
void make_names_unique(std::vector<model::StreamEvent>& events);

}  // namespace edgetide::calendar
