#pragma once

#include <algorithm>
#include <cmath>

#include "bench/recordings.h"
#include "edgetide/backtest/replay.h"

namespace edgetide::bench {

/// How often the peak of the lead time stayed within what was forecast for it, after a recording's
/// first week; in events, from the beginning of a ramp to the announced end.
struct Coverage {
  double judged = 0;
  double covered = 0;
  double judged_in_events = 0;
  double covered_in_events = 0;
};

/// A window ends its lead time after it was asked for: what is read some seconds later is no part
/// of it, though it counts from its whole minute on where fleets are scored.
inline std::vector<double> seen_by_minute(const backtest::World& world) {
  std::vector<model::DemandSample> samples(world.samples.begin(), world.samples.end());
  for (auto& sample : samples) sample.at = std::chrono::ceil<std::chrono::minutes>(sample.at);
  return backtest::by_minute(samples, world.window);
}

/// Adds what a replay of one of the recording's windows has promised and kept.
inline void judge(const Recording& recording, const backtest::World& world,
                  const backtest::Replay& replay, Coverage& sum) {
  using std::chrono::minutes;
  const std::vector<double> demand = seen_by_minute(world);
  const Instant after_first_week = recording.samples.front().at + std::chrono::weeks{1};
  const auto lead = static_cast<std::size_t>(std::chrono::ceil<minutes>(world.lead).count());
  for (std::size_t i = 0; i + lead < demand.size() && replay.reasons[i]; ++i) {
    const Instant now = world.window.from + minutes{i};
    if (now < after_first_week) continue;
    double peak = -1;
    for (std::size_t k = i; k <= i + lead; ++k) {
      if (std::isfinite(demand[k])) peak = std::max(peak, demand[k]);
    }
    if (peak < 0) continue;
    const bool covered = peak <= replay.reasons[i]->quantile.count();
    ++sum.judged;
    sum.covered += covered;
    if (!recording.in_event(now)) continue;
    ++sum.judged_in_events;
    sum.covered_in_events += covered;
  }
}

}  // namespace edgetide::bench
