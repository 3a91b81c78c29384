#pragma once

#include <string>
#include <vector>

#include "edgetide/core/time.h"
#include "kube/pool_status.h"

namespace edgetide::app {

/// What is not as it should be with a pool, a sentence each: that nobody decides on it, and the
/// conditions that call for somebody.
[[nodiscard]] std::vector<std::string> complaints(const kube::PoolStatus& pool, Instant now);

}  // namespace edgetide::app
