#pragma once

#include <array>
#include <cstddef>

#include "edgetide/core/time.h"

namespace edgetide::forecast {

inline constexpr double kSlotMinutes = 15;
inline constexpr std::size_t kDailySlots = 96;
inline constexpr std::size_t kWeeklySlots = 7 * kDailySlots;

/// Where a time of the week lies among slots of a day or a week.
[[nodiscard]] inline double slot_position(Seconds time_of_week) {
  return static_cast<double>(time_of_week.count()) / 60 / kSlotMinutes;
}

[[nodiscard]] inline std::size_t slot_of(Seconds time_of_week, std::size_t slots) {
  return static_cast<std::size_t>(static_cast<int>(slot_position(time_of_week))) % slots;
}

/// A slot's value stands for its middle; between two middles it changes evenly.
template <typename Value, std::size_t N>
[[nodiscard]] double between_slots(const std::array<Value, N>& slots, Seconds time_of_week) {
  const double position = slot_position(time_of_week) - 0.5 + N;
  const int whole = static_cast<int>(position);
  const double share = position - whole;
  const auto slot = static_cast<std::size_t>(whole) % N;
  return (1 - share) * slots[slot] + share * slots[slot + 1 < N ? slot + 1 : 0];
}

}  // namespace edgetide::forecast
