#pragma once

#include <algorithm>
#include <cmath>

#include "bench/recordings.h"
#include "edgetide/backtest/policy.h"
#include "edgetide/model/edge_pool.h"

namespace edgetide::bench {

/// A pool of which 200 replicas serve the window's peak, fully used; nothing is bought for lost
/// zones.
inline model::EdgePool lean_pool(const Recording& recording, const backtest::Window& window) {
  model::EdgePool pool;
  pool.key = {"bench", recording.name};
  for (const char* name : {"a", "b", "c"}) pool.domains.push_back({.name = name});
  double peak = 0;
  for (const double viewers : backtest::by_minute(recording.samples, window)) {
    if (std::isfinite(viewers)) peak = std::max(peak, viewers);
  }
  pool.capacity.viewers = Viewers{peak / 200};
  pool.capacity.target_utilization = Ratio{1};
  pool.redundancy.survive = model::Survive::kNone;
  return pool;
}

/// What a policy lives in by wall clocks of UTC. \pre recording and pool outlive it
inline backtest::World world_of(const Recording& recording, const model::EdgePool& pool,
                                const backtest::Window& window, Seconds lead) {
  static const model::UtcOffsets utc;
  return {.pool = pool,
          .samples = recording.samples,
          .told = recording.told,
          .calendar = recording.calendar,
          .offsets = utc,
          .window = window,
          .lead = lead};
}

}  // namespace edgetide::bench
