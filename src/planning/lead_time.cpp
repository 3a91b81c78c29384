#include <algorithm>

#include "edgetide/planning/plan.h"

namespace edgetide::planning {

Seconds lead_time_in_force(const model::EdgePool& pool, const model::Observation& observation) {
  const Seconds least = std::min(pool.least_lead_time, pool.lead_time);
  Seconds longest{0};
  for (const auto& domain : observation.domains) {
    const bool measured = domain.start_time.has_value();
    longest = std::max(
        longest, measured ? std::max(*domain.start_time, least) + pool.warm_up : pool.lead_time);
  }
  return longest;
}

}  // namespace edgetide::planning
