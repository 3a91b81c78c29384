#pragma once

#include <string>
#include <vector>

#include "cli/backtest_output.h"
#include "simulation/svg_chart.h"

namespace edgetide::cli {

/// What the page shows of one policy: the window as a whole, and its worst day by the minute.
struct BacktestCharts {
  std::string policy;
  std::string whole;      ///< SVG.
  std::string worst_day;  ///< SVG; empty when everybody was served.
};

/// Draws a replay. A long window is drawn in steps of several minutes: of each the highest demand,
/// the lowest Ready capacity and the largest shortfall.
[[nodiscard]] BacktestCharts backtest_charts(const BacktestInputs& inputs,
                                             const std::string& policy,
                                             const backtest::Replay& replay);

/// The page: figures, charts, curves. One file without scripts or anything to load; the same
/// results give the same bytes.
[[nodiscard]] std::string backtest_page(const BacktestInputs& inputs,
                                        const BacktestResults& results,
                                        const std::vector<BacktestCharts>& charts);

}  // namespace edgetide::cli
