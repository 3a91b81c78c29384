#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/quantity.h"

namespace edgetide::simulation {

/// "12.5": that many digits after the point, whatever the locale; "?" when it is not finite.
[[nodiscard]] std::string fixed(double number, int digits);

/// "1 replica", "12 replicas".
[[nodiscard]] std::string counted(Replicas replicas);

/// "3.4 %": of one, with one digit; "<0.1 %" for what would round to nothing but is not.
[[nodiscard]] std::string percent(Ratio ratio);

/// How many columns UTF-8 text takes when each code point takes one.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// At most so many columns of it, the last an ellipsis when something was left out.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t columns);

/// Padded with spaces: on the left, so that numbers stand flush right, or on the right.
[[nodiscard]] std::string right_aligned(std::string_view text, std::size_t columns);
[[nodiscard]] std::string left_aligned(std::string_view text, std::size_t columns);

/// Broken at spaces into lines of at most so many columns; at most `lines` of them, the last
/// shortened when there would be more.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t columns,
                                               std::size_t lines);

}  // namespace edgetide::simulation
