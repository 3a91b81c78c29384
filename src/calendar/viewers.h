#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "edgetide/core/quantity.h"

namespace edgetide::calendar {

/// "250000", "1147.5", "250k", "1.5M": a quantity as the API takes them for viewers, from 0 to
/// kMostViewers. Nothing for anything else.
[[nodiscard]] std::optional<Viewers> parse_viewers(std::string_view text);
[[nodiscard]] std::optional<Viewers> viewers_from(double number);

/// What is said of anything else, behind its text.
[[nodiscard]] std::string no_viewers();

}  // namespace edgetide::calendar
