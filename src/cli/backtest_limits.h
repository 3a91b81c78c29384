#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cli/backtest_output.h"

namespace edgetide::cli {

/// The largest fleet that `replicas.max` and the domains' `maxReplicas` let stand.
[[nodiscard]] Replicas largest_fleet(const model::EdgePool& pool);

/// In how many of these minutes as much was asked for.
[[nodiscard]] std::int64_t minutes_at_limit(std::span<const Replicas> decisions,
                                            const model::EdgePool& pool);

/// What so many viewers take with the pool's reserve and target utilization, whatever its limits
/// but that of sizing::replicas_for.
[[nodiscard]] Replicas replicas_taken_by(Viewers viewers, const model::EdgePool& pool);

/// How often which policy stood at the limits, and how many replicas the demand would take; empty
/// where none did. A sentence or two.
[[nodiscard]] std::string limits_text(const BacktestInputs& inputs, const BacktestResults& results);

/// Of what the costs are made up where the pool promises a reserve, for which peers that keep none
/// do not pay; empty where it promises none. A sentence.
[[nodiscard]] std::string reserve_text(const BacktestInputs& inputs,
                                       const BacktestResults& results);

}  // namespace edgetide::cli
