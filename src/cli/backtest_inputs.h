#pragma once

#include <vector>

#include "cli/command.h"
#include "config/settings.h"
#include "edgetide/backtest/policy_list.h"
#include "edgetide/model/plan_report.h"

namespace edgetide::cli {

/// What a backtest works on; everything its world refers to.
struct BacktestInputs {
  model::EdgePool pool;
  std::optional<model::Spread> spread;  ///< Over what the scheduler spreads it, by --zones.
  std::string pool_text;  ///< "video/live-edge"; of one without a name "the pool of pool.yaml".
  /// Whose capacity the pool's capacity in viewers is, by which all are sized.
  model::Resource sized_by = model::Resource::kViewers;
  std::optional<BitsPerSecond> bitrate;  ///< Of a viewer, by --bitrate.
  std::vector<model::DemandSample> samples;
  std::vector<model::DemandSample> told;
  model::EventCalendar calendar;
  model::UtcOffsets offsets;
  backtest::Window window;
  Seconds delay{30};
  std::vector<backtest::PolicyChoice> policies;
  std::vector<std::string> remarks;  ///< What is worth knowing of them, a line each.

  /// \pre the inputs outlive it
  [[nodiscard]] backtest::World world() const;
};

/// Options that say what is replayed, for whom and under which policies.
[[nodiscard]] std::vector<config::Option> backtest_input_options();

/// Reads and checks all of it.
[[nodiscard]] Result<BacktestInputs> read_backtest_inputs(const config::Settings& settings,
                                                          const Console& console);

}  // namespace edgetide::cli
