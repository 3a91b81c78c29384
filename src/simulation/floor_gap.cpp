#include "simulation/floor_gap.h"

#include <algorithm>

#include "simulation/floor.h"

namespace edgetide::simulation {

model::Fleet serving_limits(const World& world) {
  const auto counts = world.fleet().standing().targets;
  auto limits = model::domain_limits(world.scenario().pool);
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const bool silent = counts[i].specified > Replicas{0} && counts[i].ready == Replicas{0};
    if (silent) limits[i] = Replicas{0};
  }
  return limits;
}

void FloorGap::note(const std::vector<DomainCounts>& before) {
  failing_since_.resize(before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    auto& since = failing_since_[i];
    const bool fails = before[i].ready + before[i].ready < before[i].specified;
    since = fails ? since.value_or(world_.now()) : std::optional<Instant>{};
  }
}

int FloorGap::most(const Decision& decision, const OrderedLoss& loss,
                   const std::vector<DomainCounts>& before) const {
  const model::EdgePool& pool = world_.scenario().pool;
  const auto& demand = decision.report.observation.demand;
  // Fewer domains lose a larger part of the whole with one of them.
  const auto fewest = [&](std::span<const Replicas> limits) {
    const Replicas needed = std::max(carrying_now(pool, demand) + pool.redundancy.spare,
                                     survivors_for(pool, demand, most_lost(pool, limits)));
    return loss.fewest(needed, limits);
  };
  const auto lacks = [&](const model::Fleet& floor) {
    int sum = 0;
    for (std::size_t i = 0; i < floor.size(); ++i)
      sum += std::max(0, (floor[i] - before[i].specified).count());
    return sum;
  };
  // What cannot be seen counts as lost in the end, and is ordered in the others at once.
  auto seen = serving_limits(world_);
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (!decision.report.observation.domains[i].known) seen[i] = Replicas{0};
  int most = lacks(model::at_least(
      model::at_least(fewest(model::domain_limits(pool)), fewest(serving_limits(world_))),
      fewest(seen)));
  // So is what does not serve of one of which less than half has for long.
  const Seconds patience = std::max(pool.redundancy.rebuild_after, pool.lead_time);
  for (std::size_t i = 0; i < failing_since_.size(); ++i) {
    if (!failing_since_[i] || world_.now() - *failing_since_[i] < patience) continue;
    auto limits = model::domain_limits(pool);
    limits[i] = before[i].ready;
    most = std::max(most, lacks(fewest(limits)));
  }
  return most;
}

}  // namespace edgetide::simulation
