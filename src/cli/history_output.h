#pragma once

#include <string>

#include "kube/pool_status.h"

namespace edgetide::cli {

/// The decisions that a pool's status remembers, newest first, as "text", or as a "json" or "yaml"
/// DecisionHistory; empty text for none.
[[nodiscard]] std::string print_recent(const kube::PoolStatus& pool, const std::string& format);

}  // namespace edgetide::cli
