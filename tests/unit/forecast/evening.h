#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "edgetide/forecast/sudden_fall.h"
#include "series.h"

namespace edgetide::forecast {

using namespace std::chrono_literals;

inline constexpr double kBase = 40000;
inline constexpr double kBrought = 400000;

/// Ramp, knee and climb of a match that starts then.
inline double watching(Instant start, Instant at) {
  const double minute = minutes_of(at - start);
  if (minute < -45) return kBase;
  if (minute < 0) return kBase + kBrought * 0.3 * std::pow((minute + 45) / 45, 3);
  return kBase + kBrought * std::min(1.0, 0.3 + 0.05 * minute);
}

inline model::StreamEvent tonight(Instant start) {
  auto event = match(start);
  event.expected_peak = Viewers{kBase + kBrought};
  return event;
}

/// A match of the third day, seen each quarter of a minute from an hour before it.
struct Evening : Watch {
  Instant start = kMonday + 68h;
  Instant seen = start - 1h;
  Seconds late{0};   ///< So long after its announced start it begins.
  double share = 1;  ///< That is told of what is watched.

  Evening() {
    calendar = model::EventCalendar({tonight(start)});
    see(constant(kBase), kMonday, seen);
  }
  [[nodiscard]] double truth(Instant at) const { return watching(start + late, at); }
  void see_until(Instant now) {
    see([this](Instant at) { return share * truth(at); }, seen, now, 15s);
    seen = now;
  }
  [[nodiscard]] std::optional<model::DoubtedFall> doubted() const {
    return doubted_fall(state, calendar);
  }
  /// The source is wrong from then on.
  void fall_at(Instant at, double to) {
    see_until(at);
    share = to;
    see_until(at + 1min);
  }
  /// That many times too many are told, for so long.
  void spike_at(Instant at, double times, Seconds lasts = 3min) {
    fall_at(at, times);
    fall_at(at + lasts, 1);
  }
  /// Nothing has been seen, until five hours before it.
  void begin_anew() {
    seen = start - 5h;
    state = {};
  }
  [[nodiscard]] double promised() const { return peak(seen).quantile.count(); }
};

}  // namespace edgetide::forecast
