#pragma once

#include <string>
#include <vector>

#include "cli/backtest_output.h"
#include "web/page.h"

namespace edgetide::cli {

/// Puts a backtest's page together, policy by policy, so that no replay has to be kept.
class BacktestPage {
 public:
  /// \pre `inputs` outlive it
  explicit BacktestPage(const BacktestInputs& inputs);

  /// A chart of the replay. The first policy's decisions also fill the log, where it tells reasons.
  void add(const std::string& policy, const backtest::Replay& replay);

  /// Everything that was added, with the figures.
  [[nodiscard]] web::Page finish(const BacktestResults& results) &&;

 private:
  const BacktestInputs& inputs_;
  web::Page page_;
  web::Chart unserved_;
};

}  // namespace edgetide::cli
