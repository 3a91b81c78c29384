#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/time.h"
#include "kube/pool_status.h"

namespace edgetide::cli {

/// The pools at a glance. `format` is "text" or "wide", tables; "json" or "yaml", a PoolStatusList;
/// "csv", a line a pool; or "name".
/// \param columns of the terminal, to which tables are fitted
[[nodiscard]] std::string print_statuses(const std::vector<kube::PoolStatus>& pools,
                                         const std::string& format, Instant now,
                                         std::optional<std::size_t> columns = std::nullopt);

}  // namespace edgetide::cli
