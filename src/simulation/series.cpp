#include "simulation/series.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "simulation/text.h"

namespace edgetide::simulation {

std::vector<model::ForecastPoint> forecast_band(const Recording& recording) {
  std::vector<model::ForecastPoint> band;
  for (const Frame& frame : recording.frames) {
    if (!frame.peak || frame.peak->stage == model::ForecastStage::kNone) continue;
    const auto& peak = *frame.peak;
    if (!std::isfinite(peak.quantile.count())) continue;
    if (!band.empty() && peak.window_end <= band.back().at) continue;
    band.push_back({.at = peak.window_end, .median = peak.median, .quantile = peak.quantile});
  }
  return band;
}

Viewers shortfall(const model::EdgePool& pool, const Frame& frame) {
  const Viewers carried = backtest::serving_capacity(pool, total_ready(frame.domains));
  const Viewers let_in = frame.let_in ? frame.let_in->viewers : frame.wanting;
  return std::max(Viewers{0}, frame.wanting - std::min(carried, let_in));
}

double highest(const Scenario& scenario, const Recording& recording) {
  double most = 0;
  for (const Frame& frame : recording.frames) {
    const Viewers desired = backtest::serving_capacity(scenario.pool, total_specified(frame));
    most = std::max({most, frame.wanting.count(), desired.count()});
  }
  for (const model::ForecastPoint& point : forecast_band(recording)) {
    most = std::max(most, point.quantile.count());
  }
  return most;
}

double nice_top(double value) {
  constexpr std::array kSteps = {1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0};
  if (!(value > 0)) return 1;
  for (double power = 1; power < 1e18; power *= 10) {
    for (const double step : kSteps) {
      if (step * power >= value) return step * power;
    }
  }
  return value;
}

std::string short_number(double number) {
  const auto with_unit = [](double scaled, const char* unit) {
    const bool whole = scaled >= 100 || scaled == std::floor(scaled);
    return fixed(scaled, whole ? 0 : 1) + unit;
  };
  if (number >= 1e6) return with_unit(number / 1e6, "M");
  if (number >= 1e3) return with_unit(number / 1e3, "k");
  return with_unit(number, "");
}

}  // namespace edgetide::simulation
