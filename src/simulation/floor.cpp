#include "simulation/floor.h"

#include <cmath>

#include "edgetide/sizing/domain_allocation.h"

namespace edgetide::simulation {

Replicas survivors_for(const model::EdgePool& pool, Viewers viewers) {
  const double usable = pool.capacity.viewers->count() * pool.capacity.target_utilization.count();
  return Replicas{static_cast<int>(std::ceil(viewers.count() / usable - 1e-9))} +
         pool.redundancy.spare;
}

model::Fleet surviving(const model::EdgePool& pool, Replicas survivors,
                       std::span<const Replicas> limits) {
  auto least = sizing::spread(survivors, limits).per_domain;
  if (pool.redundancy.survive == model::Survive::kNone) return least;
  return model::at_least(std::move(least),
                         sizing::survive_one_domain(survivors, limits).per_domain);
}

}  // namespace edgetide::simulation
