// Calendars and demand from files: refused with a place, or values that keep their promises.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "calendar/files.h"
#include "edgetide/core/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto events = calendar::events_from_csv(text, "f.csv");
  if (events) {
    for (const auto& event : events->events()) {
      EDGETIDE_ASSERT(event.duration >= Seconds{0} && !event.name.empty(), "an event is whole");
    }
  } else {
    EDGETIDE_ASSERT(events.error().text().starts_with("f.csv:"), "an error names its place");
  }
  if (const auto demand = calendar::demand_from_csv(text, "f.csv")) {
    for (const auto& sample : demand->samples()) {
      EDGETIDE_ASSERT(std::isfinite(sample.viewers.count()) && sample.viewers.count() >= 0,
                      "demand is a number");
    }
  }
  static_cast<void>(calendar::events_from_yaml(text, "f.yaml"));
  return 0;
}
