#include "edgetide/forecast/quantile_tracker.h"

#include <algorithm>
#include <cmath>

#include "edgetide/forecast/student_t.h"

namespace edgetide::forecast {
namespace {

/// At 90 %, for a forecast that stood for a minute; rarer misses say more each, or a year would not
/// correct them, and so does a forecast that stood longer.
constexpr double kTrackingGain = 0.02;
/// The first windows say as many times that, and later ones less with the root of their number:
/// steps that shrink keep the promise as well, and soon forget where they began (Angelopoulos,
/// Barber and Bates 2024, "Online conformal prediction with decaying step sizes").
constexpr double kFirstGain = 3;
constexpr std::int32_t kMostWindows = 1'000'000;
/// Levels above this one (99 %) have too few misses to stand alone: they keep the tail's proportion
/// to it and are corrected from there, by even steps.
constexpr std::size_t kAnchor = 5;
constexpr double kMostCorrection = 12;

/// The quantile before correction, in mean absolute errors.
double heavy_tail(double level) { return std::min(0.9 * student_t_quantile(level, 3), 24.0); }

/// What does not change about a tracked level.
struct Level {
  double tail = 0;
  double rare = 0;  ///< The share of misses that is promised.
  double gain = 0;
  double log_rare = 0;
};

const std::array<Level, kTrackedLevels.size()> kLevels = [] {
  std::array<Level, kTrackedLevels.size()> levels;
  std::ranges::transform(kTrackedLevels, levels.begin(), [](double level) {
    const double rare = 1 - level;
    return Level{heavy_tail(level), rare, kTrackingGain * std::sqrt(0.1 / rare), std::log(rare)};
  });
  return levels;
}();

}  // namespace

TrackedConfidence::TrackedConfidence(double confidence)
    : confidence_(std::clamp(confidence, 0.5, 0.99999)),
      next_(static_cast<std::size_t>(std::ranges::upper_bound(kTrackedLevels, confidence_) -
                                     kTrackedLevels.begin())) {
  if (next_ == kTrackedLevels.size()) {
    heavy_tail_ = heavy_tail(confidence_);
    return;
  }
  const double low = kLevels[next_ - 1].log_rare;
  const double high = kLevels[next_].log_rare;
  share_ = (std::log(1 - confidence_) - low) / (high - low);
}

double TrackedConfidence::errors_above(const LevelErrors& errors) const {
  const double below = errors[next_ - 1];
  if (next_ == errors.size()) return below * heavy_tail_ / kLevels.back().tail;
  return below + share_ * (errors[next_] - below);
}

LevelErrors QuantileTracker::errors_at_levels() const {
  LevelErrors errors;
  const double anchor = kLevels[kAnchor].tail + correction_[kAnchor];
  for (std::size_t level = 0; level < errors.size(); ++level) {
    const double tail = kLevels[level].tail;
    errors[level] =
        correction_[level] + (level <= kAnchor ? tail : anchor * tail / kLevels[kAnchor].tail);
  }
  // Levels are corrected one by one; a higher confidence never asks for less.
  for (std::size_t level = 1; level < errors.size(); ++level)
    errors[level] = std::max(errors[level - 1], errors[level]);
  return errors;
}

void QuantileTracker::track(const LevelGrowths& promised, const SeenGrowth& seen) {
  windows_ = std::min(windows_ + 1, kMostWindows);
  const double sooner = std::max(1.0, kFirstGain / std::sqrt(1 + windows_ / 100.0));
  const double stood = std::sqrt(seen.minutes);
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    const auto& [tail, rare, gain, log_rare] = kLevels[i];
    const double missed = seen.all > promised[i] ? 1 : seen.some > promised[i] ? seen.share : 0;
    const double step = gain * stood * (i <= kAnchor ? sooner : 1);
    const double moved = correction_[i] + step * (missed - rare);
    correction_[i] = static_cast<float>(std::clamp(moved, -0.8 * tail, kMostCorrection));
  }
}

}  // namespace edgetide::forecast
