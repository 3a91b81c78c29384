#include "edgetide/forecast/quantile_tracker.h"

#include <algorithm>
#include <cmath>

#include "edgetide/forecast/student_t.h"

namespace edgetide::forecast {
namespace {

/// Of the lowest tracked level; rarer misses say more each, or a year would not correct them.
constexpr double kTrackingGain = 0.02;
/// Levels above this one (99 %) have too few misses to stand alone: they keep the tail's proportion
/// to it and are corrected from there.
constexpr std::size_t kAnchor = 3;
constexpr double kMostCorrection = 12;

/// The quantile before correction, in mean absolute errors.
double heavy_tail(double level) { return std::min(0.9 * student_t_quantile(level, 3), 24.0); }

const std::array<double, kTrackedLevels.size()>& tracked_tails() {
  static const auto tails = [] {
    std::array<double, kTrackedLevels.size()> found;
    std::ranges::transform(kTrackedLevels, found.begin(), heavy_tail);
    return found;
  }();
  return tails;
}

}  // namespace

double QuantileTracker::tracked(std::size_t level) const {
  if (level <= kAnchor) return tracked_tails()[level] + correction_[level];
  const double anchor = tracked_tails()[kAnchor] + correction_[kAnchor];
  return anchor * tracked_tails()[level] / tracked_tails()[kAnchor] + correction_[level];
}

double QuantileTracker::errors_above(double confidence) const {
  const auto above = std::ranges::upper_bound(kTrackedLevels, confidence);
  const auto i = static_cast<std::size_t>(above - kTrackedLevels.begin());
  const double tail = heavy_tail(confidence);
  if (i == 0) return tail * tracked(0) / tracked_tails()[0];
  double highest = tracked(0);
  // Levels are corrected one by one; a higher confidence never asks for less.
  for (std::size_t lower = 1; lower < i; ++lower) highest = std::max(highest, tracked(lower));
  if (i == kTrackedLevels.size()) return highest * tail / tracked_tails().back();
  const double low = std::log(1 - kTrackedLevels[i - 1]);
  const double high = std::log(1 - kTrackedLevels[i]);
  const double share = (std::log(1 - confidence) - low) / (high - low);
  return highest + share * std::max(0.0, tracked(i) - highest);
}

void QuantileTracker::track(double score) {
  for (std::size_t i = 0; i < kTrackedLevels.size(); ++i) {
    const double rare = 1 - kTrackedLevels[i];
    const double missed = score > tracked(i) ? 1 : 0;
    const double gain = kTrackingGain * std::sqrt(0.1 / rare);
    const double moved = correction_[i] + gain * (missed - rare);
    correction_[i] =
        static_cast<float>(std::clamp(moved, -0.8 * tracked_tails()[i], kMostCorrection));
  }
}

}  // namespace edgetide::forecast
