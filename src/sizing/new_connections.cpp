#include "edgetide/sizing/new_connections.h"

#include <algorithm>

#include "edgetide/model/fleet.h"

namespace edgetide::sizing {

HandshakesPerSecond reconnects_of(Ratio share_lost, Viewers viewers, const model::EdgePool& pool) {
  const double back = share_lost.count() * viewers.count();
  const auto within = static_cast<double>(pool.redundancy.reconnect.count());
  return model::handshakes_of(ViewersPerSecond{back / within}, pool);
}

Ratio fullest_share(std::span<const Replicas> fleet) {
  const Replicas all = model::total(fleet);
  const Replicas fullest = fleet.empty() ? all : std::ranges::max(fleet);
  return Ratio{fullest < all ? static_cast<double>(fullest.count()) / all.count() : 0};
}

Ratio least_fullest_share(const model::EdgePool& pool, const model::Observation& observation) {
  model::Fleet even;
  if (pool.topology_key.empty()) {
    for (const auto& domain : pool.domains)
      even.push_back(std::min(domain.max_replicas, Replicas{1}));
    return fullest_share(even);
  }
  const model::Spread* spread = model::spread_of(observation);
  if (spread == nullptr || !spread->unknown.empty()) return Ratio{0};
  model::Fleet standing;
  for (const auto& domain : spread->domains) {
    even.push_back(Replicas{1});
    standing.push_back(domain.ready + domain.starting);
  }
  return std::max(fullest_share(even), fullest_share(standing));
}

}  // namespace edgetide::sizing
