#include "edgetide/model/event_calendar.h"

#include <algorithm>
#include <utility>

namespace edgetide::model {

EventCalendar::EventCalendar(std::vector<StreamEvent> events) : events_(std::move(events)) {
  std::ranges::stable_sort(events_, [](const StreamEvent& a, const StreamEvent& b) {
    return a.start != b.start ? a.start < b.start : a.name < b.name;
  });
}

std::vector<const StreamEvent*> EventCalendar::touching(Instant from, Instant to) const {
  std::vector<const StreamEvent*> found;
  for (const StreamEvent& event : events_) {
    if (event.ramp_start() <= to && event.overrun_end() >= from) found.push_back(&event);
  }
  return found;
}

}  // namespace edgetide::model
