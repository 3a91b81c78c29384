#pragma once

#include <optional>
#include <span>

#include "edgetide/backtest/score.h"

namespace edgetide::backtest {

/// The lowest cost at which a policy leaves `shortfall` of the viewing unserved, read off a curve
/// of its scores in the order of its knob: between two neighbours on either side of it, straight in
/// cost over the logarithm of the shortfall. Nothing where the curve does not reach it.
///
/// Costs of 1.1 at 1 % and 1.3 at 0.01 %: 0.1 % is half way in logarithms, so 1.2.
[[nodiscard]] std::optional<Ratio> cost_at(std::span<const Score> curve, Ratio shortfall);

}  // namespace edgetide::backtest
