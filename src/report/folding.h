#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace edgetide::report {

/// The columns that text for people keeps to where it can.
inline constexpr std::size_t kTextColumns = 80;

/// Characters, not bytes.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// The line in lines of at most kTextColumns, each of which ends with a line feed: broken at a
/// blank behind the first `hang` characters, and as many blanks before what goes on. A word that is
/// longer stands whole.
[[nodiscard]] std::string folded(std::string_view line, std::size_t hang);

}  // namespace edgetide::report
