#pragma once

#include <memory>
#include <vector>

#include "telemetry/pool_facts.h"
#include "telemetry/text_format.h"

namespace edgetide::telemetry {

/// Every series of these pools, family by family.
void write_pools(TextFormat& text, const std::vector<std::shared_ptr<const PoolFacts>>& pools);

}  // namespace edgetide::telemetry
