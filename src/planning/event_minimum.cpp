#include "event_minimum.h"

namespace edgetide::planning {

EventMinimum event_minimum(const model::EventCalendar& calendar, Instant from, Instant to) {
  EventMinimum most;
  for (const auto* event : calendar.touching(from, to)) {
    if (event->minimum_replicas.value_or(Replicas{0}) <= most.replicas) continue;
    most = {.replicas = *event->minimum_replicas, .event = event->name};
  }
  return most;
}

}  // namespace edgetide::planning
