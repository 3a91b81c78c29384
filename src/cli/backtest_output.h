#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "cli/backtest_inputs.h"
#include "edgetide/backtest/replay.h"

namespace edgetide::cli {

/// A policy and what came of it.
struct BacktestRow {
  std::string policy;  ///< "hpa:target=0.6"
  backtest::Score score;
  std::int64_t minutes_at_limit = 0;    ///< In which it asked for all that the pool's limits allow.
  std::optional<Viewers> prepared_for;  ///< At most; of policies with reasons.
};

/// A policy's scores along its knob, with the cost that a shortfall takes.
struct BacktestCurve {
  std::string policy;  ///< As it was asked for: "hpa:target=0.6:downwindow=60".
  std::string label;   ///< Without the knob that it goes along: "hpa:downwindow=60 along target".
  std::vector<BacktestRow> points;
};

struct BacktestResults {
  std::vector<BacktestRow> rows;  ///< In the order that was asked for.
  std::vector<BacktestCurve> curves;
  double reserve_kept_minutes = 0;  ///< Of a clairvoyant that keeps the pool's reserve.
  Viewers highest;                  ///< Demand of the window, where it is known.
};

/// What the clairvoyant would pay for that demand if it kept the reserve that the pool promises:
/// its spare replicas, and enough to carry everybody when the fullest failure domain is lost.
/// \param spread over what the scheduler spreads it; nothing where each domain has its own target
[[nodiscard]] double reserve_kept_minutes(std::span<const double> demand,
                                          const model::EdgePool& pool,
                                          const std::optional<model::Spread>& spread);

/// "text", "json", "yaml" or "csv".
void print_backtest(const BacktestInputs& inputs, const BacktestResults& results,
                    const std::string& format, std::ostream& out);

/// One line a minute, beginning with `timestamp,desired`: what was asked for, what stood and what
/// demand was; of a policy with reasons also the peak that it expected, what its size was based on,
/// and the last guard that changed it.
void write_decisions(const backtest::Window& window, const backtest::Replay& replay,
                     std::ostream& out);

}  // namespace edgetide::cli
