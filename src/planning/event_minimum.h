#pragma once

#include <string>

#include "edgetide/model/event_calendar.h"

namespace edgetide::planning {

/// The most replicas that an announced event asks for as a minimum, and its name.
struct EventMinimum {
  Replicas replicas{0};
  std::string event;
};

/// Of the events that touch [from, to].
[[nodiscard]] EventMinimum event_minimum(const model::EventCalendar& calendar, Instant from,
                                         Instant to);

}  // namespace edgetide::planning
