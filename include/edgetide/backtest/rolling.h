#pragma once

#include <optional>
#include <span>
#include <vector>

#include "edgetide/backtest/replay.h"
#include "edgetide/model/forecast_accuracy.h"

namespace edgetide::backtest {

/// Forecasts that are made again and again while a recording goes by.
struct RollingQuestion {
  std::span<const model::DemandSample> samples;  ///< Rising in time.
  const model::EventCalendar& calendar;
  const model::UtcOffsets& offsets;
  Window window;                  ///< Of the moments forecast from, and of all that they foresee.
  Seconds every{900};             ///< From one origin to the next, in whole minutes.
  Seconds delay{30};              ///< From a sample's time until a forecast knows it.
  std::vector<Seconds> horizons;  ///< Whole minutes, each up to a day.
  std::vector<double> levels;     ///< Rising, in [0.5, 0.99999].
};

/// How a forecaster did at one horizon. Viewers throughout; every forecaster is judged by the same
/// windows: those whose demand is known whole, now and a week (or else a day) ago.
struct RollingScore {
  model::Forecaster forecaster = model::Forecaster::kEdgetide;
  Seconds horizon{0};
  bool in_events = false;  ///< Of the windows alone that an announced event may touch.
  std::int64_t windows = 0;
  double mean_error = 0;  ///< Mean of |peak - point|.
  /// `mean_error` by that of a naive forecast over the same windows (MASE); nothing where that one
  /// was never wrong.
  std::optional<double> against_seasonal;
  std::optional<double> against_last;
  std::vector<double> coverage;  ///< For each level: share of windows whose peak stayed within it.
  std::vector<double> pinball;   ///< For each level: p (y - q) above, (1 - p) (q - y) below; mean.
};

/// From each origin, the highest demand of the time from it until `horizon` later is forecast with
/// what was known then, and held against what came.
///
/// Forecasters: this program's `forecast::window_peak`; *seasonal*, the highest demand of the same
/// time a week ago, or a day ago where that is not known; *last*, the newest demand known. A naive
/// quantile at level p is the point times the p-quantile of peak / point over its last thousand
/// windows that had ended, so that rivals are honest at any level.
///
/// One score for each horizon, of all windows and then of those in events, and each forecaster, in
/// that order. Nothing is looked at before it is known. \pre the window is at most kMostMinutes
[[nodiscard]] std::vector<RollingScore> rolling_accuracy(const RollingQuestion& question,
                                                         const Progress& progress = {});

}  // namespace edgetide::backtest
