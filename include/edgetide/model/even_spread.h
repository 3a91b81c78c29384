#pragma once

#include <cstddef>

#include "edgetide/model/spread.h"

namespace edgetide::model {

/// One workload over so many failure domains, "zone-1" and so on, that nothing of it stands in yet;
/// the scheduler is bound to let them differ by `max_skew` at most.
[[nodiscard]] Spread over_zones(std::size_t zones, int max_skew);

/// Lets so many stand where a scheduler that is free to spreads them: the domains differ by one at
/// most, in those that are Ready and in all. Seven Ready and three on their way are 3, 2, 2 and
/// 1, 1, 1 in three domains.
void stand_evenly(Spread& spread, Replicas ready, Replicas starting = Replicas{0});

}  // namespace edgetide::model
