#include "simulation/farther_tier.h"

#include <algorithm>
#include <cmath>

namespace edgetide::simulation {
namespace {

constexpr double kComfortable = .6;

Replicas comfortable_share(const model::EdgePool& pool, BitsPerSecond drawn) {
  const double replicas = std::max(drawn.count() / (pool.capacity.egress->count() * kComfortable),
                                   static_cast<double>(pool.replicas.min.count()));
  return Replicas{static_cast<int>(std::ceil(replicas / static_cast<double>(pool.domains.size())))};
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

FartherTier::FartherTier(const model::EdgePool& pool, const Fleet::Options& options, Instant from,
                         BitsPerSecond drawn)
    : pool_(&pool), fleet_(options), drawn_{{from, drawn}} {
  const Replicas share = comfortable_share(pool, drawn);
  for (std::size_t domain = 0; domain < fleet_.size(); ++domain)
    fleet_.begin_with(domain, std::min(share, pool.domains[domain].max_replicas));
}

BitsPerSecond FartherTier::drawn(Instant at) const {
  const auto after = std::ranges::upper_bound(drawn_, at, {}, &Drawn::at);
  return after == drawn_.begin() ? drawn_.front().drawn : std::prev(after)->drawn;
}

BitsPerSecond FartherTier::carried() const {
  return BitsPerSecond{total_serving(counts_of(fleet_)).count() * pool_->capacity.egress->count()};
}

std::vector<DomainCounts> counts_of(const Fleet& fleet) {
  std::vector<DomainCounts> all;
  all.reserve(fleet.size());
  for (std::size_t domain = 0; domain < fleet.size(); ++domain) all.push_back(fleet.counts(domain));
  return all;
}

}  // namespace edgetide::simulation
