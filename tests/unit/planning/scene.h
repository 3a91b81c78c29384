#pragma once

#include <string>
#include <vector>

#include "planning/peaks.h"
#include "support/pools.h"

namespace edgetide::planning {

using namespace testing_support;

/// A pool, its world and its memory; peaks are given, so that no forecast has to be learned.
struct Scene {
  model::EdgePool pool = three_domains();
  model::Observation observation = observed(pool, {10, 10, 10}, fresh(10'000));
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  model::EventCalendar calendar;
  double to_rise = 10'000;
  double to_fall = 10'000;
  double after_loss = 1;  ///< Of what is prepared for: the part that is left to carry after a loss.
  model::ForecastStage stage = model::ForecastStage::kWeekly;
  model::Forecaster outweighed_by = model::Forecaster::kEdgetide;

  [[nodiscard]] PlanResult plan(Instant now = kEvening) const {
    const auto peak = [&](double viewers, Seconds length) {
      return Peak{.window = {.stage = stage,
                             .median = Viewers{viewers * 0.9},
                             .quantile = Viewers{viewers},
                             .at = now + length / 2,
                             .window_end = now + length,
                             .outweighed_by = outweighed_by},
                  .after_loss = Viewers{viewers * after_loss}};
    };
    return plan_for(
        {.pool = pool,
         .observation = observation,
         .forecast_state = {},
         .calendar = calendar,
         .offsets = {},
         .memory = memory},
        {.to_rise = peak(to_rise, Seconds{315}), .to_fall = peak(to_fall, Seconds{600})}, now);
  }
};

inline std::vector<int> desired(const PlanResult& result) {
  std::vector<int> counts;
  for (const auto& domain : result.report.plan.domains) counts.push_back(domain.to.count());
  return counts;
}

inline std::string status_of(const PlanResult& result, const char* type) {
  return std::string(model::to_string(model::condition(result.report, type).status));
}

}  // namespace edgetide::planning
