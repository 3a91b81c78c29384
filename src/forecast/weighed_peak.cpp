#include <algorithm>

#include "outlook.h"

namespace edgetide::forecast {

Present present_of(const Recent& recent, Instant at, const Context& context) {
  return {.minute = at.time_since_epoch().count() / 60,
          .time_of_week = context.offsets.local_time_of_week(at),
          .viewers = effective_viewers(recent, at),
          .offset = recent.offset};
}

model::WindowPeak window_peak(const ForecastState& state, const PeakWindow& window,
                              const Context& context) {
  model::WindowPeak peak = own_window_peak(state, window, context);
  if (peak.stage == model::ForecastStage::kNone) return peak;
  const Recent& recent = state.recent;
  const Instant seen_at{Seconds{recent.last.at}};
  const ForecastWindow judged{
      .minutes = static_cast<double>((peak.window_end - seen_at).count()) / 60,
      .confidence = std::clamp(window.confidence, 0.5, 0.99999),
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
