#pragma once

#include <string>
#include <vector>

#include "edgetide/model/forecast.h"
#include "simulation/closed_loop.h"

namespace edgetide::simulation {

/// What was expected for the window that ends at each moment, by the decision that was made one
/// window before it: a band that reality can be held against, and that reaches ahead of now. Empty
/// for policies without a forecast; a decision that knew nothing leaves a gap.
[[nodiscard]] std::vector<model::ForecastPoint> forecast_band(const Recording& recording);

/// Viewers above what Ready replicas carry.
[[nodiscard]] Viewers shortfall(const model::EdgePool& pool, const Frame& frame);

/// The highest number of viewers that a chart of the recording shows: demand, band or capacity.
[[nodiscard]] double highest(const Scenario& scenario, const Recording& recording);

/// The next of 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8 times a power of ten that is not below `value`, so
/// that quarters are round too; 1 for what is not above zero.
[[nodiscard]] double nice_top(double value);

/// "850", "12.5k", "1.2M".
[[nodiscard]] std::string short_number(double number);

}  // namespace edgetide::simulation
