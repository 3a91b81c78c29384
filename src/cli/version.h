#pragma once

#include <string_view>

namespace edgetide::cli {

/// Set by the build from the project's version.
inline constexpr std::string_view kVersion = EDGETIDE_VERSION;

/// When the commit that was built was made: "2026-12-05T20:00:00Z", or "unknown".
[[nodiscard]] std::string_view revision_date();

}  // namespace edgetide::cli
