#include <algorithm>
#include <cmath>

#include "outlook.h"

namespace edgetide::forecast {
namespace {

/// A confidence is the share of windows, one a minute, whose peak stays below. Where readings are
/// farther apart than a window is long, most windows see none and cannot be exceeded; those that do
/// may be exceeded the more often: at 99 %, with a reading every 30 minutes and windows of 5, of
/// which 6 in 30 see one, in 5 % of those.
double confidence_at_news(const Recent& recent, const PeakWindow& window) {
  const double confidence = std::clamp(window.confidence, 0.5, 0.99999);
  const double minutes = static_cast<double>(window.length.count()) / 60 + 1;
  const double windows_a_reading = std::max(1.0, std::round(recent.step) / minutes);
  return std::max(0.5, 1 - (1 - confidence) * windows_a_reading);
}

}  // namespace

Present present_of(const Recent& recent, Instant at, const Context& context) {
  return {.minute = at.time_since_epoch().count() / 60,
          .time_of_week = context.offsets.local_time_of_week(at),
          .viewers = effective_viewers(recent, at),
          .offset = recent.offset};
}

model::WindowPeak window_peak(const ForecastState& state, const PeakWindow& window,
                              const Context& context) {
  PeakWindow with_news = window;
  with_news.confidence = confidence_at_news(state.recent, window);
  model::WindowPeak peak = own_window_peak(state, with_news, context);
  if (peak.stage == model::ForecastStage::kNone) return peak;
  const Recent& recent = state.recent;
  const Instant seen_at{Seconds{recent.last.at}};
  const ForecastWindow judged{
      .minutes = static_cast<double>((peak.window_end - seen_at).count()) / 60,
      .confidence = with_news.confidence,
      .events_near = !peak.event.empty()};
  const Present present = present_of(recent, seen_at, context);
  const auto weighed = state.accuracy.weigh(peak.quantile.count(), present, judged);
  const double most = std::max(peak.quantile.count(), most_viewers(recent, present.viewers, 0));
  peak.quantile = Viewers{std::min(weighed.quantile, most)};
  peak.median = std::min(peak.median, peak.quantile);
  peak.event_uplift = std::min(peak.event_uplift, peak.median);
  peak.outweighed_by = weighed.by;
  return peak;
}

}  // namespace edgetide::forecast
