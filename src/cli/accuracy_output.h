#pragma once

#include <string>
#include <vector>

#include "edgetide/backtest/rolling.h"

namespace edgetide::cli {

/// How well a recording was forecast, and how that was asked.
struct AccuracyReport {
  backtest::Window window;
  Seconds every;
  Seconds delay;
  std::vector<double> levels;                  ///< Shares of one, rising.
  std::vector<backtest::RollingScore> scores;  ///< Of at least a window each.
};

/// As "text", tables with a verdict by horizon below; "json" or "yaml", an AccuracyReport; or
/// "csv", a line a score.
[[nodiscard]] std::string print_accuracy(const AccuracyReport& report, const std::string& format);

}  // namespace edgetide::cli
