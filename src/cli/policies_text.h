#pragma once

#include <string>

namespace edgetide::cli {

/// Every policy that `backtest` and `simulate` take, with its knobs: a line each.
[[nodiscard]] std::string policies_text();

}  // namespace edgetide::cli
