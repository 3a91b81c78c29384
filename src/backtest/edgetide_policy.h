#pragma once

#include <memory>

#include "edgetide/backtest/policy.h"

namespace edgetide::backtest {

/// The operator's planner with all its guards on a fleet that has the world's lead time. Before the
/// window it learns all that is known by then, as the operator learns a pool's past.
/// \param confidence in [0.5, 0.99999], in place of the pool's
[[nodiscard]] std::unique_ptr<Policy> edgetide_policy(const World& world, double confidence);

/// The forecast alone, without planner and guards: the window peak's quantile, each need counting
/// on for some minutes. What it costs less than the planner is the price of the guards.
[[nodiscard]] std::unique_ptr<Policy> forecast_policy(const World& world, double confidence,
                                                      int hold_minutes);

}  // namespace edgetide::backtest
