// iCalendar: refused with a place, or events within the span that keep their promises.
#include <cstdint>
#include <string_view>

#include "calendar/files.h"
#include "edgetide/core/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const calendar::Span span{Instant{Seconds{1'760'000'000}}, Instant{Seconds{1'790'000'000}}};
  const auto events = calendar::events_from_ical(text, "f.ics", span);
  if (!events) {
    EDGETIDE_ASSERT(events.error().text().starts_with("f.ics:"), "an error names its place");
    return 0;
  }
  for (const auto& event : events->events()) {
    EDGETIDE_ASSERT(event.start >= span.from && event.start <= span.to, "within the span");
    EDGETIDE_ASSERT(event.duration >= Seconds{0} && !event.name.empty(), "an event is whole");
  }
  return 0;
}
