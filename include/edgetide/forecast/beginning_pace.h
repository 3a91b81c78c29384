#pragma once

#include "edgetide/forecast/pace_table.h"

namespace edgetide::forecast {

/// How fast an audience comes when a channel is back after a silence: its first hour and a half,
/// which no calendar has to announce.
///
/// Of n beginnings with mean e at some minute, what is expected is (n e + otherwise) / (n + 1).
class BeginningPace {
 public:
  static constexpr double kMinutes = 90;

  bool operator==(const BeginningPace&) const = default;

  /// Notes that log demand changed by `growth` in the `minutes` until `minute` after the first
  /// reading.
  void learn(double minute, double growth, double minutes);

  /// The highest growth of log demand in the later half of the `minutes` after `minute`;
  /// `otherwise` is what would be expected without this.
  [[nodiscard]] double growth(double minute, int minutes, double otherwise) const;

 private:
  static constexpr int kBins = static_cast<int>(kMinutes / EventMemory::kBinMinutes);

  PaceTable<kBins> paces_;
};

}  // namespace edgetide::forecast
