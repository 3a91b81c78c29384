#include <algorithm>
#include <cmath>

#include "own_window_peak.h"

namespace edgetide::forecast {

Present present_of(const Recent& recent, Instant at, const Context& context) {
  return {.minute = at.time_since_epoch().count() / 60,
          .time_of_week = context.offsets.local_time_of_week(at),
          .viewers = effective_viewers(recent, at),
          .offset = recent.offset};
}

namespace {

model::WindowPeak weighed(model::WindowPeak peak, const ForecastState& state, double confidence,
                          const Context& context) {
  if (peak.stage == model::ForecastStage::kNone) return peak;
  const Recent& recent = state.recent;
  const Instant seen_at{Seconds{recent.last.at}};
  const ForecastWindow judged{
      .minutes = static_cast<double>((peak.window_end - seen_at).count()) / 60,
      .confidence = std::clamp(confidence, 0.5, 0.99999),
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

}  // namespace

model::WindowPeak window_peak(const ForecastState& state, const PeakWindow& window,
                              const Context& context) {
  Sights sights(state, window.now, window.length, context);
  const OwnWindowPeak own(sights, window.length);
  return weighed(own.at(window.confidence), state, window.confidence, context);
}

std::vector<PeakPair> window_peaks(const ForecastState& state, const PeakWindows& windows,
                                   const Context& context) {
  std::vector<PeakPair> peaks;
  if (windows.lengths.empty()) return peaks;
  peaks.reserve(windows.lengths.size());
  Sights sights(state, windows.now, std::ranges::max(windows.lengths), context);
  for (const Seconds length : windows.lengths) {
    const OwnWindowPeak own(sights, length);
    const auto at = [&](double confidence) {
      return weighed(own.at(confidence), state, confidence, context);
    };
    auto& [peak, other] = peaks.emplace_back(at(windows.confidence));
    other = windows.other_confidence == windows.confidence ? peak : at(windows.other_confidence);
  }
  return peaks;
}

}  // namespace edgetide::forecast
