#include "edgetide/core/grouped.h"

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

namespace edgetide {

std::string grouped(double number) {
  if (!std::isfinite(number)) return "?";
  std::array<char, std::numeric_limits<double>::max_exponent10 + 2> buffer{};
  const auto end = std::to_chars(buffer.begin(), buffer.end(), std::abs(number),
                                 std::chars_format::fixed, /*precision=*/0);
  std::string text(buffer.begin(), end.ptr);
  for (auto at = std::ssize(text) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return number < 0 && text != "0" ? "-" + text : text;
}

}  // namespace edgetide
