#include "simulation/pool_fleet.h"

#include <utility>

namespace edgetide::simulation {
namespace {

constexpr Replicas kUnlimited{1'000'000};
/// One use of a fleet's seed.
constexpr std::uint64_t kPlacement = 71;

/// All of one workload, those that no zone may take included.
DomainCounts together(const std::vector<DomainCounts>& zones, const OneWorkload& workload) {
  DomainCounts all{.specified = workload.specified(),
                   .pending = workload.unplaced(),
                   .waits_since = workload.waits_since()};
  for (const DomainCounts& zone : zones) {
    all.ready += zone.ready;
    all.starting += zone.starting;
    all.pending += zone.pending;
    all.dead += zone.dead;
    all.draining += zone.draining;
    all.cold += zone.cold;
  }
  return all;
}

}  // namespace

PoolFleet::PoolFleet(const Fleet::Options& options, const std::optional<Zones>& zones)
    : domains_(options) {
  if (!zones) return;
  const Replicas limit = options.nodes ? options.nodes->most : kUnlimited;
  workload_.emplace(*zones, limit, derived_seed(options.seed, kPlacement));
}

void PoolFleet::begin_with(std::size_t domain, Replicas count) {
  domains_.begin_with(domain, count);
  if (workload_) workload_->begin_with(domain, count);
}

void PoolFleet::advance(Instant now) {
  domains_.advance(now);
  if (workload_) return workload_->settle(domains_, now);
  domains_.roll_out(now);
}

void PoolFleet::specify(std::size_t target, Replicas count, Instant now) {
  if (!workload_) return domains_.specify(target, count, now);
  advance(now);
  workload_->specify(domains_, count, now);
}

void PoolFleet::lose(std::size_t domain, Instant now, Instant back_at) {
  advance(now);
  if (workload_) return workload_->lose(domains_, domain, now, back_at);
  domains_.lose(domain, now, back_at);
}

void PoolFleet::evict(std::size_t domain, Replicas count, Instant now) {
  advance(now);
  if (workload_) return workload_->evict(domains_, domain, count, now);
  const Replicas asked = domains_.counts(domain).specified;
  domains_.evict(domain, count, now);
  domains_.specify(domain, asked, now);
}

void PoolFleet::begin_rollout(std::size_t target, Instant now) {
  advance(now);
  if (workload_) return workload_->begin_rollout(domains_, now);
  domains_.outdate(target);
  domains_.roll_out(now);
}

bool PoolFleet::rolls_out() const {
  bool some_are_old = false;
  for (std::size_t domain = 0; domain < size(); ++domain)
    some_are_old = some_are_old || domains_.counts(domain, Version::kOld).all() > 0;
  return some_are_old;
}

Replicas PoolFleet::specified(std::size_t target) const {
  return workload_ ? workload_->specified() : domains_.counts(target).specified;
}

std::vector<DomainCounts> PoolFleet::counts() const {
  std::vector<DomainCounts> all;
  all.reserve(size());
  for (std::size_t domain = 0; domain < size(); ++domain) {
    all.push_back(domains_.counts(domain));
    if (!workload_ || !lost(domain)) continue;
    all.back().dead = std::exchange(all.back().pending, Replicas{0});
    all.back().gone = all.back().dead == Replicas{0};
  }
  return all;
}

Standing PoolFleet::standing() const {
  if (!workload_) return {.targets = counts(), .zones = {}};
  auto zones = counts();
  return {.targets = {together(zones, *workload_)}, .zones = std::move(zones)};
}

std::vector<Instant> PoolFleet::unready_since(std::size_t target) const {
  if (!workload_) return domains_.unready_since(target);
  std::vector<Instant> all;
  for (std::size_t zone = 0; zone < size(); ++zone) {
    const auto since = domains_.unready_since(zone);
    all.insert(all.end(), since.begin(), since.end());
    if (const auto dead = workload_->dead_since(zone))
      all.insert(all.end(), static_cast<std::size_t>(domains_.counts(zone).pending.count()), *dead);
  }
  return all;
}

}  // namespace edgetide::simulation
