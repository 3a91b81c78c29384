#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calendar/recurrence.h"

/// Values of iCalendar properties, RFC 5545 section 3.3.
namespace edgetide::calendar {

/// "20261205T200000Z", "20261205T200000" or the date alone, "20261205".
struct ICalTime {
  WallClock wall_clock;
  bool utc = false;
  bool is_date = false;
};

/// Of the years 1600 to 9999; a leap second is the second before it. Nothing for anything else.
[[nodiscard]] std::optional<ICalTime> parse_time(std::string_view text);

/// "PT1H55M", "P1D", "P2W", of at most ten years. Nothing for anything else.
[[nodiscard]] std::optional<Seconds> parse_duration(std::string_view text);

/// "+0100", "-033000": how far a zone is ahead of UTC, by less than a day.
[[nodiscard]] std::optional<Seconds> parse_offset(std::string_view text);

/// Text as it is meant: "\n", "\," and the like undone, line ends as spaces.
[[nodiscard]] std::string unescaped(std::string_view text);

/// ASCII letters in upper case.
[[nodiscard]] std::string upper_case(std::string_view text);

}  // namespace edgetide::calendar
