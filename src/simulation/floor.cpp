#include "simulation/floor.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "edgetide/sizing/domain_allocation.h"

namespace edgetide::simulation {
namespace {

Viewers told_viewers(const model::DemandReadings& demand) {
  return Viewers{demand.viewers.has_value() ? demand.viewers.value : 0};
}

double told(const std::optional<model::Reading>& load) {
  return load && load->has_value() ? load->value : 0;
}

/// None where a replica is not said to carry any.
template <typename Quantity>
Replicas within_target(double load, const std::optional<Quantity>& by_one,
                       const model::EdgePool& pool) {
  if (!by_one) return Replicas{0};
  const double usable = by_one->count() * pool.capacity.target_utilization.count();
  return Replicas{static_cast<int>(std::ceil(load / usable - 1e-9))};
}

/// Of those viewers who are lost; none where nobody tells.
double handshakes_of_a_loss(const model::EdgePool& pool, const model::DemandReadings& demand,
                            Ratio lost) {
  const bool survives = pool.redundancy.survive == model::Survive::kFailureDomain;
  if (!survives || !demand.handshakes || !demand.handshakes->fresh()) return 0;
  const double back = told_viewers(demand).count() * lost.count();
  return back * pool.demand.handshakes_per_arrival /
         static_cast<double>(pool.redundancy.reconnect.count());
}

}  // namespace

Replicas survivors_for(const model::EdgePool& pool, Viewers viewers) {
  return within_target(viewers.count(), pool.capacity.viewers, pool) + pool.redundancy.spare;
}

Replicas carrying_now(const model::EdgePool& pool, const model::DemandReadings& demand) {
  const auto& capacity = pool.capacity;
  const Viewers viewers = told_viewers(demand);
  double egress = told(demand.egress);
  if (demand.bitrate) egress = std::max(egress, viewers.count() * demand.bitrate->count());
  return std::max({within_target(viewers.count(), capacity.viewers, pool),
                   within_target(egress, capacity.egress, pool),
                   within_target(told(demand.connections), capacity.connections, pool),
                   within_target(told(demand.handshakes), capacity.handshakes, pool)});
}

Replicas survivors_for(const model::EdgePool& pool, const model::DemandReadings& demand,
                       Ratio lost) {
  const auto& capacity = pool.capacity;
  const double handshakes = told(demand.handshakes) + handshakes_of_a_loss(pool, demand, lost);
  return std::max({within_target(told_viewers(demand).count(), capacity.viewers, pool),
                   within_target(told(demand.connections), capacity.connections, pool),
                   within_target(handshakes, capacity.handshakes, pool)}) +
         pool.redundancy.spare;
}

Ratio least_lost(std::size_t domains) {
  return Ratio{domains < 2 ? 0 : 1 / static_cast<double>(domains)};
}

Ratio most_lost(const model::EdgePool& pool, std::span<const Replicas> limits) {
  const Replicas whole = model::total(limits);
  if (!pool.topology_key.empty() || whole == Replicas{0}) return Ratio{1};
  return Ratio{static_cast<double>(std::ranges::max(limits).count()) / whole.count()};
}

model::Fleet surviving(const model::EdgePool& pool, Replicas survivors,
                       std::span<const Replicas> limits) {
  auto least = sizing::spread(survivors, limits).per_domain;
  if (pool.redundancy.survive == model::Survive::kNone) return least;
  return model::at_least(std::move(least),
                         sizing::survive_one_domain(survivors, limits).per_domain);
}

}  // namespace edgetide::simulation
