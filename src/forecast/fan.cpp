#include "edgetide/forecast/fan.h"

#include <algorithm>
#include <array>

namespace edgetide::forecast {
namespace {

/// Middles of ten equal parts of the upper half's share of the middle 95 %.
constexpr std::array kMeanLevels{0.52375, 0.57125, 0.61875, 0.66625, 0.71375,
                                 0.76125, 0.80875, 0.85625, 0.90375, 0.95125};

/// Adds what a level and its mirror image below the median bring to the mean.
void add_to_mean(FanPoint& point, const model::ForecastPoint& at_level, double offset) {
  const double median = at_level.median.count() + offset;
  const double above = at_level.quantile.count() + offset;
  const double below = above > 0 ? median * median / above : 0;
  const double both = above + std::max(below, offset) - 2 * offset;
  point.mean += Viewers{both / (2 * kMeanLevels.size())};
}

}  // namespace

std::vector<FanPoint> fan(const ForecastState& state, const FanSpan& span,
                          std::span<const double> levels, const Context& context) {
  std::vector<FanPoint> points;
  if (span.step <= Seconds{0} || span.length < span.step) return points;
  const auto at_level = [&](double level) {
    const PeakWindow window{
        .now = span.now + span.step, .length = span.length - span.step, .confidence = level};
    return path(state, window, span.step, context);
  };
  for (const double level : kMeanLevels) {
    const auto along = at_level(level);
    points.resize(along.size());
    for (std::size_t i = 0; i < along.size(); ++i) {
      points[i].at = along[i].at;
      points[i].median = along[i].median;
      add_to_mean(points[i], along[i], state.recent.offset);
    }
  }
  for (const double level : levels) {
    const auto along = at_level(level);
    for (std::size_t i = 0; i < along.size(); ++i) {
      auto& quantiles = points[i].quantiles;
      const Viewers least = quantiles.empty() ? Viewers{0} : quantiles.back();
      quantiles.push_back(std::max(least, level > 0.5 ? along[i].quantile : along[i].median));
    }
  }
  return points;
}

}  // namespace edgetide::forecast
