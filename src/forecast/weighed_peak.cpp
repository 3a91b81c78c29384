#include <algorithm>
#include <utility>

#include "own_window_peak.h"

namespace edgetide::forecast {

Present present_of(const Recent& recent, Instant at, const Context& context) {
  return {.minute = at.time_since_epoch().count() / 60,
          .time_of_week = context.offsets.local_time_of_week(at),
          .viewers = effective_viewers(recent, at),
          .offset = recent.offset};
}

namespace {

/// What our own forecasts and everybody's record say of windows, at one moment and confidence.
class WeighedPeaks {
 public:
  WeighedPeaks(const ForecastState& state, double confidence, const Context& context)
      : state_(state),
        confidence_(confidence),
        seen_at_(Seconds{state.recent.last.at}),
        present_(present_of(state.recent, seen_at_, context)) {}

  struct Weighed {
    PeakDemand demand;
    model::Forecaster by = model::Forecaster::kEdgetide;
  };
  /// Whether anybody else has a say in the window: how large a one depends on what events it has.
  [[nodiscard]] bool are_outweighed(const model::WindowPeak& window) const {
    return state_.accuracy.outweighing(minutes_until_end(window)).has_value();
  }
  [[nodiscard]] Weighed of(const OwnWindowPeak& own, const model::WindowPeak& told) const {
    const auto demand = own.at(confidence_);
    if (told.stage == model::ForecastStage::kNone) return {demand};
    const auto [median, quantile] = std::pair{demand.median, demand.quantile};
    const ForecastWindow judged{.minutes = minutes_until_end(told),
                                .confidence = confidence_.value(),
                                .events_near = !told.event.empty()};
    const auto weighed = state_.accuracy.weigh(quantile.count(), present_, judged);
    const double most =
        std::max(quantile.count(), most_viewers(state_.recent, present_.viewers, 0));
    const Viewers held{std::min(weighed.quantile, most)};
    return {{std::min(median, held), held, {}}, weighed.by};
  }

 private:
  [[nodiscard]] double minutes_until_end(const model::WindowPeak& window) const {
    return minutes_of(window.window_end - seen_at_);
  }

  const ForecastState& state_;
  TrackedConfidence confidence_;
  Instant seen_at_;
  Present present_;
};

model::WindowPeak peak_of(const WeighedPeaks::Weighed& weighed, model::WindowPeak told) {
  told.median = weighed.demand.median;
  told.quantile = weighed.demand.quantile;
  told.steepest = weighed.demand.steepest;
  told.event_uplift = std::min(told.event_uplift, told.median);
  told.outweighed_by = weighed.by;
  return told;
}

}  // namespace

model::WindowPeak window_peak(const ForecastState& state, const PeakWindow& window,
                              const Context& context) {
  Sights sights(state, window.now, window.length, context);
  OwnWindowPeak own(sights, window.length);
  auto told = own.window();
  own.tell_of_peak(told);
  auto weighed = WeighedPeaks(state, window.confidence, context).of(own, told);
  weighed.demand.steepest = own.steepest_to(weighed.demand.quantile);
  return peak_of(weighed, std::move(told));
}

std::vector<PeakPair> window_peaks(const ForecastState& state, const PeakWindows& windows,
                                   const Context& context) {
  std::vector<PeakPair> peaks;
  if (windows.lengths.empty()) return peaks;
  peaks.reserve(windows.lengths.size());
  Sights sights(state, windows.now, std::ranges::max(windows.lengths), context);
  const bool same = windows.other_confidence == windows.confidence;
  const WeighedPeaks weighed(state, windows.confidence, context);
  const WeighedPeaks others(state, windows.other_confidence, context);
  for (const Seconds length : windows.lengths) {
    OwnWindowPeak own(sights, length);
    auto told = own.window();
    if (peaks.empty() || weighed.are_outweighed(told)) own.tell_of_peak(told);
    auto peak = weighed.of(own, told);
    PeakDemand other = same ? peak.demand : others.of(own, told).demand;
    if (windows.arrivals) {
      for (PeakDemand* demand : {&peak.demand, &other})
        demand->steepest = own.steepest_to(demand->quantile);
    }
    peaks.push_back({peak_of(peak, std::move(told)), other});
  }
  return peaks;
}

}  // namespace edgetide::forecast
