#pragma once

#include <string_view>

namespace edgetide::model {

/// What a report's summary ends with where something will be missing: this, and the sentence of the
/// shortfall to act on first.
inline constexpr std::string_view kShortAhead = "; SHORT AHEAD: ";

/// The summary without that.
[[nodiscard]] constexpr std::string_view without_what_is_ahead(std::string_view summary) {
  return summary.substr(0, summary.find(kShortAhead));
}

}  // namespace edgetide::model
