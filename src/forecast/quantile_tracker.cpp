#include "edgetide/forecast/quantile_tracker.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

double QuantileTracker::tracked(std::size_t level) const {
  if (level <= kAnchor) return kLevels[level].tail + correction_[level];
  const double anchor = kLevels[kAnchor].tail + correction_[kAnchor];
  return anchor * kLevels[level].tail / kLevels[kAnchor].tail + correction_[level];
}

LevelErrors QuantileTracker::errors_at_levels() const {
  LevelErrors errors;
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t level = 0; level < errors.size(); ++level)
    errors[level] = highest = std::max(highest, tracked(level));
  return errors;
}

double QuantileTracker::errors_above(double confidence) const {
  const auto above = std::ranges::upper_bound(kTrackedLevels, confidence);
  const auto i = static_cast<std::size_t>(above - kTrackedLevels.begin());
  double highest = tracked(0);
  // Levels are corrected one by one; a higher confidence never asks for less.
  for (std::size_t lower = 1; lower < i; ++lower) highest = std::max(highest, tracked(lower));
  if (i == kTrackedLevels.size()) return highest * heavy_tail(confidence) / kLevels.back().tail;
  const double low = kLevels[i - 1].log_rare;
  const double high = kLevels[i].log_rare;
  const double share = (std::log(1 - confidence) - low) / (high - low);
  return highest + share * std::max(0.0, tracked(i) - highest);
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
