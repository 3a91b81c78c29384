#pragma once

#include <string_view>

namespace edgetide::cli {

/// Set by the build from the project's version.
inline constexpr std::string_view kVersion = EDGETIDE_VERSION;

}  // namespace edgetide::cli
