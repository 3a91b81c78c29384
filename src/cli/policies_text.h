#pragma once

#include <string>

namespace edgetide::cli {

/// Every policy that `backtest` and `simulate` take, with its knobs: as JSON or YAML a PolicyList,
/// in any other format a line each.
[[nodiscard]] std::string print_policies(const std::string& format);

}  // namespace edgetide::cli
