#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "edgetide/core/time.h"

namespace edgetide::forecast {

/// Demand of the last week in quarters of an hour of the audience's wall clock: what "as it was a
/// week ago" is read from. Rounded to a thousandth.
class LastWeek {
 public:
  bool operator==(const LastWeek&) const = default;

  /// Notes that there were so many viewers at the local `time_of_week`. A quarter of an hour counts
  /// by the mean of what was noted in it, from its end on. O(1).
  void note(double viewers, Seconds time_of_week);

  /// The highest demand that the `minutes` from `time_of_week` on had a week ago, or a day ago
  /// where no more is known; between two quarters in proportion. Nothing when neither is known for
  /// all of them.
  [[nodiscard]] std::optional<double> highest(Seconds time_of_week, double minutes) const;

 private:
  static constexpr int kDay = 96;
  static constexpr int kSlots = 7 * kDay;

  [[nodiscard]] std::optional<double> slot_mean(int slot) const;
  [[nodiscard]] std::optional<double> value_at(double position) const;

  std::array<std::uint16_t, kSlots> means_{};  ///< ln(viewers + 1) in steps; zero is not known.
  double sum_ = 0;                             ///< Of the slot that is being filled.
  std::int32_t count_ = 0;
  std::int32_t slot_ = 0;
};

}  // namespace edgetide::forecast
