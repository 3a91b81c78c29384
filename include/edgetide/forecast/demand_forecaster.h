#pragma once

#include <span>
#include <vector>

#include "edgetide/forecast/forecast_state.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/forecast.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::forecast {

/// What surrounds the samples: announced events, the audience's wall clock, and how sure the pool
/// wants to be, which is what forecasts are judged at.
struct Context {
  const model::EventCalendar& calendar;
  const model::UtcOffsets& offsets;
  double confidence = 0.995;
};

/// Learns from samples; the one function that changes what a pool has learned. Samples not newer
/// than the last one learned are ignored, so overlapping ranges do no harm. O(1) a sample.
void advance(ForecastState& state, std::span<const model::DemandSample> samples,
             const Context& context);

/// What a pool's recorded past teaches: gains fitted on it, then all of it learned.
[[nodiscard]] ForecastState learn(std::span<const model::DemandSample> samples,
                                  const Context& context);

/// How fast viewers came of late, those who left taken off: the slowest of the averages over the
/// last three minutes, so that no single reading makes many of few. Zero while fewer watch.
[[nodiscard]] ViewersPerSecond arriving_of_late(const ForecastState& state);

/// The window that a decision covers, and how sure it must be.
struct PeakWindow {
  Instant now;
  Seconds length;     ///< Lead time plus the time until the next decision serves.
  double confidence;  ///< In [0.5, 0.99999].
};

/// The highest demand in the window, never below the latest reading. With nothing seen, stage kNone
/// and zero viewers, which callers must read as "unknown", never as "none"; with less than half an
/// hour seen, stage kNone and first numbers, which may raise capacity and say too little to lower
/// it. Where last week's demand or bare reaction have forecast this pool better for a day, they
/// out-weigh what is expected here; see Accuracy.
[[nodiscard]] model::WindowPeak window_peak(const ForecastState& state, const PeakWindow& window,
                                            const Context& context);

/// Windows that begin at one moment, at one confidence and at another.
struct PeakWindows {
  Instant now;
  std::span<const Seconds> lengths;
  double confidence;  ///< Both as in PeakWindow.
  double other_confidence;
  bool arrivals = false;  ///< Whether it counts how fast viewers come.
};
/// How much a window brings, as in model::WindowPeak.
struct PeakDemand {
  Viewers median;
  Viewers quantile;
  ViewersPerSecond steepest;
};
struct PeakPair {
  model::WindowPeak peak;
  PeakDemand other;
};
/// `window_peak` of each, by length as given, for less than each by itself; at the other confidence
/// its demand alone. When the peak comes and which event brings it is told of the first alone.
[[nodiscard]] std::vector<PeakPair> window_peaks(const ForecastState& state,
                                                 const PeakWindows& windows,
                                                 const Context& context);

/// Whether what an event brings is a guess: nobody has seen one of its class, or says what it will
/// bring, and its own evening has told little of it yet.
[[nodiscard]] bool is_guessed(const ForecastState& state, const model::StreamEvent& event);

/// The path ahead in steps from `window.now`, for people.
[[nodiscard]] std::vector<model::ForecastPoint> path(const ForecastState& state,
                                                     const PeakWindow& window, Seconds step,
                                                     const Context& context);

}  // namespace edgetide::forecast
