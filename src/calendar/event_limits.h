#pragma once

#include <cstdint>

namespace edgetide::calendar {

// What an event in a file may say; the StreamEvent schema has the same bounds.

constexpr std::int64_t kLongestEventMinutes = 31 * 24 * 60;
constexpr std::int64_t kLongestRampMinutes = 24 * 60;
constexpr std::int64_t kMostReplicas = 10'000;
/// More than there are people.
constexpr double kMostViewers = 1e10;
constexpr std::size_t kLongestName = 253;

}  // namespace edgetide::calendar
