#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "edgetide/forecast/event_memory.h"

namespace edgetide::forecast {

/// The mean change of log demand a minute in each bin of `EventMemory::kBinMinutes`. What is old
/// fades: at most twenty visits of a bin count.
template <std::size_t Bins>
class PaceTable {
 public:
  bool operator==(const PaceTable&) const = default;

  /// Notes that log demand changed by `growth` in `minutes` spent in a bin.
  /// \pre minutes > 0, bin < Bins
  void learn(std::size_t bin, double growth, double minutes) {
    std::uint8_t& seen = minutes_[bin];
    seen = static_cast<std::uint8_t>(std::min(seen + std::ceil(minutes), kMemoryMinutes));
    const double gain = std::min(1.0, minutes / seen);
    std::int16_t& pace = pace_[bin];
    const double of_late = std::clamp(growth / minutes, -kFastest, kFastest) * kScale;
    pace = static_cast<std::int16_t>(std::lround(pace + gain * (of_late - pace)));
  }

  /// How often the bin was visited, in whole visits' worth of minutes.
  [[nodiscard]] double visits(std::size_t bin) const {
    return minutes_[bin] / EventMemory::kBinMinutes;
  }
  /// Growth a minute; zero where nothing was learned.
  [[nodiscard]] double pace(std::size_t bin) const { return pace_[bin] / kScale; }

 private:
  static constexpr double kScale = 65536;
  static constexpr double kFastest = 0.49;  ///< A minute; beyond is a step, not a pace.
  static constexpr double kMemoryMinutes = 60;

  std::array<std::int16_t, Bins> pace_{};     ///< In 1/65536.
  std::array<std::uint8_t, Bins> minutes_{};  ///< Seen.
};

/// The highest growth in the later half of the next `minutes`, at the pace that `pace_at` tells for
/// a minute ahead; e^1.5 fold at most.
template <typename PaceAt>
[[nodiscard]] double highest_growth(int minutes, PaceAt pace_at) {
  double grown = 0;
  double highest = -1;
  for (int ahead = 1; ahead <= minutes; ++ahead) {
    grown += pace_at(ahead);
    if (2 * ahead > minutes) highest = std::max(highest, grown);
  }
  return std::min(highest, 1.5);
}

}  // namespace edgetide::forecast
