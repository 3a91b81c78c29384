#pragma once

#include <string>

#include "cli/backtest_inputs.h"
#include "edgetide/backtest/replay.h"
#include "web/page.h"

namespace edgetide::cli {

/// The minutes in which the policy asked for another number than before, each with what the replay
/// knows of it: the newest ones, as many as a page has room for. Of a policy that tells no reasons
/// the page says that it has none.
void add_decisions(web::Page& page, const std::string& policy, const BacktestInputs& inputs,
                   const backtest::Replay& replay);

}  // namespace edgetide::cli
