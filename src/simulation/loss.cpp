#include "simulation/loss.h"

#include <algorithm>

#include "edgetide/sizing/domain_allocation.h"
#include "simulation/floor.h"

namespace edgetide::simulation {

Replicas left_after_loss(const model::EdgePool& pool, const model::Fleet& by_domain) {
  const bool survives = pool.redundancy.survive == model::Survive::kFailureDomain;
  return model::total(by_domain) - (survives ? std::ranges::max(by_domain) : Replicas{0});
}

Replicas OrderedLoss::left_of(const model::Fleet& targets) const {
  return workload_ != nullptr ? left_of_workload(targets.front()) : left_after_loss(pool_, targets);
}

bool OrderedLoss::carries(const model::Fleet& targets, Replicas survivors) const {
  const auto limits = model::domain_limits(pool_);
  model::Fleet best = fewest(survivors, limits);
  for (Replicas fewer = survivors; model::total(best) > pool_.replicas.max;) {
    fewer -= Replicas{1};
    best = fewest(fewer, limits);
  }
  return model::total(targets) >= std::min(survivors, model::total(best)) &&
         left_of(targets) >= std::min(survivors, left_of(best));
}

bool OrderedLoss::can_leave(Replicas survivors, std::span<const Replicas> limits) const {
  if (workload_ != nullptr)
    return left_of_workload(std::min(pool_.replicas.max, limits.front())) >= survivors;
  const auto allocation = pool_.redundancy.survive == model::Survive::kFailureDomain
                              ? sizing::survive_one_domain(survivors, limits)
                              : sizing::spread(survivors, limits);
  return allocation.missing == Replicas{0} &&
         model::total(allocation.per_domain) <= pool_.replicas.max;
}

model::Fleet OrderedLoss::fewest(Replicas survivors, std::span<const Replicas> limits) const {
  if (workload_ == nullptr) return surviving(pool_, survivors, limits);
  Replicas total = std::min(survivors, limits.front());
  while (total < limits.front() && left_of_workload(total) < survivors) total += Replicas{1};
  return {total};
}

model::Fleet OrderedLoss::placed() const {
  model::Fleet placed;
  for (const DomainCounts& zone : seen_.zones)
    if (!zone.gone) placed.push_back(zone.ready + zone.starting + zone.dead);
  return placed;
}

Replicas OrderedLoss::left_of_workload(Replicas total) const {
  if (pool_.redundancy.survive == model::Survive::kNone) return total;
  return surely_left(placed(), workload_->zones().max_skew, total);
}

}  // namespace edgetide::simulation
