#pragma once

#include <string>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/forecast_accuracy.h"

namespace edgetide::model {

/// How much of the audience's habits the history was long enough to teach.
enum class ForecastStage {
  kNone,    ///< Too little seen to say anything; holds or raises only.
  kLevel,   ///< Under a day: level and spread.
  kDaily,   ///< Under two weeks: with the time of day.
  kWeekly,  ///< With the time of the week.
};

[[nodiscard]] std::string_view to_string(ForecastStage stage);  ///< "Weekly", ...

/// The highest demand within the window that a decision made now has to cover.
struct WindowPeak {
  ForecastStage stage = ForecastStage::kNone;
  Viewers median;    ///< As likely above as below.
  Viewers quantile;  ///< Not exceeded with the confidence asked for; what capacity must meet.
  ViewersPerSecond steepest;  ///< The fastest that viewers come on the way to `quantile`.
  Instant at{};               ///< When the median path is highest.
  Instant window_end{};
  Viewers event_uplift;  ///< The part of `median` that announced events bring, at `at`.
  std::string event;     ///< The event that brings most of it; empty for none.
  /// Who has forecast such windows better for a day, and so has the larger say; ourselves mostly.
  Forecaster outweighed_by = Forecaster::kEdgetide;
  bool event_guessed = false;  ///< How much `event` brings: see forecast::is_guessed.
};

/// One step of the path ahead, for charts and tables.
struct ForecastPoint {
  Instant at;
  Viewers median;
  Viewers quantile;
};

}  // namespace edgetide::model
