#pragma once

#include <string>

#include "simulation/summary.h"

namespace edgetide::simulation {

/// Half an hour of a small evening made by hand: demand rises from 10,000 by 1,000 a minute, five
/// Ready replicas carry 25,000, and the forecast is demand + 2,000 to + 5,000 five minutes ahead.
inline Scenario made_scenario() {
  Scenario scenario = sport_evening({.seed = 1, .zone_loss = false});
  scenario.title = "Made by hand";
  scenario.to = scenario.from + std::chrono::minutes{30};
  scenario.step = Seconds{60};
  return scenario;
}

inline Recording made_recording(const Scenario& scenario, const std::string& summary) {
  Recording recording;
  ScoreKeeper keeper(scenario);
  for (int minute = 0; minute < 30; ++minute) {
    const Instant at = scenario.from + std::chrono::minutes{minute};
    const double wanting = 10'000 + 1000 * minute;
    Frame frame{
        .at = at,
        .wanting = Viewers{wanting},
        .domains = {{.specified = Replicas{2}, .ready = Replicas{2}},
                    {.specified = Replicas{2}, .ready = Replicas{2}},
                    {.specified = Replicas{2}, .ready = Replicas{1}, .starting = Replicas{1}}}};
    frame.peak = {.stage = model::ForecastStage::kWeekly,
                  .median = Viewers{wanting + 2000},
                  .quantile = Viewers{wanting + 5000},
                  .at = at,
                  .window_end = at + std::chrono::minutes{5}};
    keeper.add({.at = at, .wanting = frame.wanting, .ready = Replicas{5}, .paid = Replicas{6}});
    recording.frames.push_back(frame);
  }
  recording.score = keeper.score();
  recording.marks.push_back({.at = scenario.from + std::chrono::minutes{10},
                             .kind = Mark::Kind::kLoss,
                             .text = scenario.pool.domains.front().name + " lost"});
  model::PlanReport report{.pool = scenario.pool.key, .at = scenario.from};
  report.plan.action = model::Action::kScaleUp;
  report.plan.domains = {
      {.name = scenario.pool.domains.front().name, .from = Replicas{1}, .to = Replicas{2}}};
  report.summary = summary;
  recording.decisions.push_back({.report = report});
  return recording;
}

}  // namespace edgetide::simulation
