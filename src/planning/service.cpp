#include "service.h"

#include <algorithm>

#include "edgetide/sizing/capacity_model.h"

namespace edgetide::planning {
namespace {

/// What lies between two looks farther apart was not seen.
constexpr Seconds kLongestSpan{60};

bool is_short(const model::EdgePool& pool, const model::Observation& observation) {
  auto capacity = pool.capacity;
  capacity.target_utilization = Ratio{1};
  const Viewers viewers{observation.demand.viewers.value};
  const auto needs = sizing::needs_for(viewers, capacity, observation.demand);
  const Replicas ready = model::total_ready(observation);
  return std::ranges::any_of(needs, [&](const auto& need) { return need.replicas > ready; });
}

}  // namespace

void note_service(model::ServiceRecord& record, const model::EdgePool& pool,
                  const model::Observation& observation, Instant now) {
  const Seconds span = std::clamp(now - record.last_look, Seconds{0}, kLongestSpan);
  const bool first = record.last_look == Instant{};
  record.last_look = now;
  const bool known = observation.demand.viewers.fresh() && model::all_domains_known(observation);
  if (first || !known) return;
  record.judged += span;
  if (is_short(pool, observation)) record.short_for += span;
}

}  // namespace edgetide::planning
