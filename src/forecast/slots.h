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

/// A time of the week between the middles of two slots. A slot's value stands for its middle;
/// between two middles it changes evenly.
template <std::size_t N>
class BetweenSlots {
 public:
  explicit BetweenSlots(Seconds time_of_week) {
    const double position = slot_position(time_of_week) - 0.5 + N;
    const int whole = static_cast<int>(position);
    share_ = position - whole;
    slot_ = static_cast<std::size_t>(whole) % N;
  }

  template <typename Value>
  [[nodiscard]] double of(const std::array<Value, N>& slots) const {
    return (1 - share_) * slots[slot_] + share_ * slots[slot_ + 1 < N ? slot_ + 1 : 0];
  }

 private:
  double share_;  ///< Of the next slot.
  std::size_t slot_;
};

/// The same of the day and of the week.
struct SeasonalSlots {
  explicit SeasonalSlots(Seconds time_of_week)
      : day(time_of_week % std::chrono::days{1}), week(time_of_week) {}

  template <typename Value>
  [[nodiscard]] double of(const std::array<Value, kDailySlots>& daily,
                          const std::array<Value, kWeeklySlots>& weekly) const {
    return day.of(daily) + week.of(weekly);
  }

  BetweenSlots<kDailySlots> day;
  BetweenSlots<kWeeklySlots> week;
};

}  // namespace edgetide::forecast
