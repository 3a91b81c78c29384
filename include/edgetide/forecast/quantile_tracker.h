#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace edgetide::forecast {

/// Confidences whose quantiles are tracked.
inline constexpr std::array<double, 8> kTrackedLevels{0.5,  0.75, 0.9,   0.95,
                                                      0.98, 0.99, 0.995, 0.999};

/// Mean absolute errors for each tracked level.
using LevelErrors = std::array<double, kTrackedLevels.size()>;

/// A growth for each tracked level; none is below the one before it.
using LevelGrowths = std::array<float, kTrackedLevels.size()>;

/// A confidence, held to [0.5, 0.99999], and where it lies among the tracked levels.
class TrackedConfidence {
 public:
  explicit TrackedConfidence(double confidence);

  [[nodiscard]] double value() const { return confidence_; }
  /// What the errors at the tracked levels make of it.
  [[nodiscard]] double errors_above(const LevelErrors& errors) const;

 private:
  double confidence_;
  std::size_t next_;       ///< The first level above it, if there is one,
  double share_ = 0;       ///< and how near it is to that one rather than to the one before;
  double heavy_tail_ = 0;  ///< else what it calls for before correction.
};

/// Growth to the peaks of the windows that a forecast stood for: one begins every minute until the
/// next reading, and the last of them see one reading more than the first.
struct SeenGrowth {
  double all = 0;      ///< To the peak that all of them saw,
  double some = 0;     ///< and to the last reading, that only
  double share = 0;    ///< this share of them saw.
  double minutes = 1;  ///< For so long the forecast stood.
};

/// How many errors above the mean a peak stays with a given confidence: Student t with three
/// degrees, each level corrected by how often what was promised for it was exceeded:
///
///   correction += gain (missed - (1 - level))
///
/// Summed up, (correction now - correction then) / gain is the number of misses less what was
/// promised, whatever the data: since corrections are bounded, misses are in the long run as rare
/// as promised (Gibbs and Candes 2021, "Adaptive conformal inference under distribution shift").
/// That holds for what is counted, so misses of the promise itself are, as it was given to others
/// and with all that others added to it.
class QuantileTracker {
 public:
  bool operator==(const QuantileTracker&) const = default;

  /// In mean absolute errors; more confidence never asks for less.
  [[nodiscard]] double errors_above(double confidence) const {
    return TrackedConfidence(confidence).errors_above(errors_at_levels());
  }
  /// The same at each tracked level.
  [[nodiscard]] LevelErrors errors_at_levels() const;
  /// Notes what was promised of windows that have passed, and to what their peaks grew.
  void track(const LevelGrowths& promised, const SeenGrowth& seen);

 private:
  std::array<float, kTrackedLevels.size()> correction_{};
  std::int32_t windows_ = 0;  ///< Tracked so far.
};

}  // namespace edgetide::forecast
