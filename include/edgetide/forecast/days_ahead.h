#pragma once

#include <optional>
#include <vector>

#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::forecast {

/// What is looked at: steps of `step` from `now` on, up to `length`.
struct DaysAhead {
  Instant now;
  Seconds length{std::chrono::hours{48}};
  Seconds step{std::chrono::minutes{15}};
  Seconds window;     ///< The pool's decisions cover that much at a time,
  double confidence;  ///< and are to be that sure,
  /// and so sure of what is left to carry after a loss; nothing for the same.
  std::optional<double> confidence_after_loss = std::nullopt;
};

/// The highest demand of one step.
struct DayAhead {
  Instant at;  ///< When the step begins.
  Viewers median;
  Viewers high;  ///< What a decision would prepare for there if demand ran well above its path.
  Viewers high_after_loss;  ///< The same, of what is left to carry after a loss.
  /// The event that brings most of `median`; nullptr for none.
  const model::StreamEvent* event = nullptr;
};

/// Demand of the days ahead by habit and calendar, for what has to be arranged long before a
/// decision is due. Empty before anything was seen.
///
/// *Median*: habit at that time of the week, what demand is off it now fading, and the events'
/// uplifts by the believed size and course. Of events at a time the largest counts in full and the
/// others by three tenths, since they share an audience.
///
/// *High*: above the median by hypot(f, w) in logs of demand. f is the width for one time in ten:
/// errors grow with the root of time from what an hour ahead shows, up to twice the usual distance
/// from habit, and an event is as much larger as its belief says. w is the room that a decision
/// adds for its own window at an ordinary minute. No more than a decision believes either: events
/// twice as large as believed, and 1.3 times the highest demand of the last week without them.
///
/// Events are as large as those of their class and kind. An early word, not a bound: of 36 matches
/// of worldcup98 14 had more viewers than this said three to six hours before.
///
///   median 10,000, f = 0.3, w = 0.1: 10,000 e^0.316 = 13,720
///
/// \note O(steps x events near each); two days of quarters take some 50 microseconds.
[[nodiscard]] std::vector<DayAhead> days_ahead(const ForecastState& state, const DaysAhead& days,
                                               const Context& context);

}  // namespace edgetide::forecast
