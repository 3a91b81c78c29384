#include "calendar/viewers.h"

#include <charconv>

#include "calendar/event_limits.h"
#include "json/json.h"

namespace edgetide::calendar {

std::optional<Viewers> parse_viewers(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view suffix{stopped, static_cast<std::size_t>(end - stopped)};
  if (suffix.empty()) return viewers_from(number);
  if (suffix == "k") return viewers_from(number * 1e3);
  if (suffix == "M") return viewers_from(number * 1e6);
  if (suffix == "G") return viewers_from(number * 1e9);
  return std::nullopt;
}

std::optional<Viewers> viewers_from(double number) {
  if (number >= 0 && number <= kMostViewers) return Viewers{number};
  return std::nullopt;
}

std::string no_viewers() {
  return "is not a quantity from 0 to " + json::number_text(kMostViewers) +
         ", such as 250000 or 250k";
}

}  // namespace edgetide::calendar
