#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace edgetide {

/// A moment in UTC, to the second: the resolution of every sample, event and decision.
using Instant = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

/// RFC 3339 in UTC: "2026-12-05T20:00:00Z".
[[nodiscard]] std::string to_string(Instant at);

/// "20:00:00", the UTC time of day, for lines whose date is known.
[[nodiscard]] std::string clock_text(Instant at);

/// "45s", "5m", "1h30m": exact, largest units first; negative durations carry a leading '-'.
[[nodiscard]] std::string to_string(Seconds duration);

/// 1.5 of 90 s.
[[nodiscard]] constexpr double minutes_of(Seconds duration) {
  return static_cast<double>(duration.count()) / 60;
}

/// Reads RFC 3339 with 'Z' or a numeric offset, fractions of a second dropped. Nothing when the
/// text is anything else, names a date that does not exist, or a year outside 1970 to 2199.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);

}  // namespace edgetide
