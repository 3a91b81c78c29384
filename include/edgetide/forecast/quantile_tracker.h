#pragma once

#include <array>

namespace edgetide::forecast {

/// Confidences whose quantiles are tracked.
inline constexpr std::array<double, 6> kTrackedLevels{0.9, 0.95, 0.98, 0.99, 0.995, 0.999};

/// How many errors above the mean a peak stays with a given confidence: Student t with three
/// degrees, each level corrected by how often it was exceeded. A miss raises it by gain, a hit
/// lowers it by gain times (1 - level), so that in the long run misses are as rare as promised.
class QuantileTracker {
 public:
  bool operator==(const QuantileTracker&) const = default;

  /// In mean absolute errors; more confidence never asks for less.
  [[nodiscard]] double errors_above(double confidence) const;
  /// Notes that a peak came `score` errors above the mean.
  void track(double score);

 private:
  [[nodiscard]] double tracked(std::size_t level) const;

  std::array<float, kTrackedLevels.size()> correction_{};
};

}  // namespace edgetide::forecast
