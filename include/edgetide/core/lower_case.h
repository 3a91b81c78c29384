#pragma once

#include <string>
#include <string_view>

namespace edgetide {

/// ASCII letters become small ones, whatever the locale; other bytes stay.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string lowered{text};
  for (char& c : lowered)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lowered;
}

}  // namespace edgetide
