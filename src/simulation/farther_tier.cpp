#include "simulation/farther_tier.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace edgetide::simulation {
namespace {

constexpr double kComfortable = .6;

Replicas comfortable_share(const model::EdgePool& pool, std::size_t domains, BitsPerSecond drawn) {
  const double replicas = std::max(drawn.count() / (pool.capacity.egress->count() * kComfortable),
                                   static_cast<double>(pool.replicas.min.count()));
  return Replicas{static_cast<int>(std::ceil(replicas / static_cast<double>(domains)))};
}

}  // namespace

BitsPerSecond fetched(const model::Upstream& upstream, BitsPerSecond egress,
                      std::span<const DomainCounts> domains) {
  double replicas = 0;
  double cold = 0;
  for (const DomainCounts& domain : domains) {
    replicas += domain.ready.count();
    cold += domain.cold.count();
  }
  return BitsPerSecond{upstream.fill.count() * egress.count() +
                       upstream.live_fill.count() * replicas + upstream.cold_fill.count() * cold};
}

FartherTier::FartherTier(const model::EdgePool& pool, PoolFleet fleet, Instant from,
                         BitsPerSecond drawn)
    : pool_(&pool), fleet_(std::move(fleet)), drawn_{{from, drawn}} {
  const Replicas share = comfortable_share(pool, fleet_.size(), drawn);
  const int one_target = pool.domains.front().max_replicas.count();
  const Replicas of_one{one_target / static_cast<int>(fleet_.size())};
  for (std::size_t domain = 0; domain < fleet_.size(); ++domain) {
    const Replicas most = fleet_.workload() ? of_one : pool.domains[domain].max_replicas;
    fleet_.begin_with(domain, std::min(share, most));
  }
}

BitsPerSecond FartherTier::drawn(Instant at) const {
  const auto after = std::ranges::upper_bound(drawn_, at, {}, &Drawn::at);
  return after == drawn_.begin() ? drawn_.front().drawn : std::prev(after)->drawn;
}

BitsPerSecond FartherTier::carried() const {
  return BitsPerSecond{total_serving(fleet_.counts()).count() * pool_->capacity.egress->count()};
}

}  // namespace edgetide::simulation
