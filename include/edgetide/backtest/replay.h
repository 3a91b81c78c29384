#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "edgetide/backtest/policy.h"
#include "edgetide/backtest/score.h"

namespace edgetide::backtest {

/// A window as it went under one policy, one entry a minute throughout.
struct Replay {
  std::vector<double> demand;  ///< Viewers; NaN where nothing is known.
  std::vector<Replicas> decisions;
  std::vector<std::optional<Reasons>> reasons;
  std::vector<FleetMinute> fleet;
  Score score;
};

/// Told how much is done, from 0 to 1, some hundred times at most.
using Progress = std::function<void(double done)>;

/// Decides every minute of the window, and scores what came of it. Decisions are kept within the
/// pool's bounds, whoever makes them. The same world and policy give the same replay.
[[nodiscard]] Replay replay(const World& world, Policy& policy, const Progress& progress = {});

}  // namespace edgetide::backtest
