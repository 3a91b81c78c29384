#pragma once

#include <memory>
#include <vector>

#include "telemetry/pool_facts.h"
#include "telemetry/text_format.h"

namespace edgetide::telemetry {

/// Every series of these pools, family by family; of those that were never decided on, the counts
/// of what is done for a pool, each at zero.
void write_pools(TextFormat& text, const std::vector<std::shared_ptr<const PoolFacts>>& pools,
                 const std::vector<ObjectKey>& undecided);

}  // namespace edgetide::telemetry
