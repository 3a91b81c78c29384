#include "simulation/world_ports.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace edgetide::simulation {
namespace {

constexpr double kMegabit = 1e6;

/// What is told of a moment before the night, when nothing was noted: what the viewers of then took
/// as it was fetched at the night's beginning.
BitsPerSecond drawn_at(const World& world, const FartherTier& tier, Instant at) {
  const Instant from = world.scenario().from;
  if (at >= from) return tier.drawn(at);
  const double then = world.egress_of(at).count() / std::max(1.0, world.egress_of(from).count());
  return BitsPerSecond{tier.drawn(from).count() * then};
}

/// As the nodes and the pods on them tell: a zone that is lost is one while pods stand in it.
model::Spread spread_of(const PoolFleet& fleet, const std::vector<DomainCounts>& zones,
                        const std::vector<model::FailureDomain>& named) {
  model::Spread spread{.max_skew = fleet.workload()->zones().max_skew, .unknown = {}};
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (zones[i].gone) continue;
    if (fleet.workload()->dead_since(i)) spread.closed.push_back(named[i].name);
    spread.domains.push_back({.name = named[i].name,
                              .ready = zones[i].ready,
                              .cold = zones[i].cold,
                              .starting = zones[i].starting + zones[i].dead});
  }
  return spread;
}

}  // namespace

std::vector<ObjectKey> WorldPools::keys() {
  std::vector<ObjectKey> keys{world_.scenario().pool.key};
  for (const auto& pool : world_.scenario().farther) keys.push_back(pool.key);
  std::ranges::reverse(keys);
  return keys;
}

Result<model::EdgePool> WorldPools::find(const ObjectKey& key) {
  if (key == world_.scenario().pool.key) return world_.scenario().pool;
  if (const auto* tier = world_.tier_of(key)) return tier->pool();
  return Error{.code = ErrorCode::kNotFound, .message = "no such pool", .context = key.text()};
}

PoolFleet& WorldPools::fleet_of(const model::EdgePool& pool) {
  auto* tier = world_.tier_of(pool.key);
  return tier != nullptr ? tier->fleet() : world_.fleet();
}

std::vector<model::DomainObservation> WorldPools::fleet(const model::EdgePool& pool) {
  std::vector<model::DomainObservation> seen;
  const PoolFleet& fleet = fleet_of(pool);
  const Standing standing = fleet.standing();
  const auto& counts = standing.targets;
  const bool nearest = pool.key == world_.scenario().pool.key;
  const bool gone = world_.fault(FaultKind::kApiServerGone) != nullptr;
  seen.reserve(counts.size());
  for (std::size_t target = 0; target < counts.size(); ++target) {
    if (gone || (target == 0 && nearest && !world_.targets_are_known())) {
      seen.push_back({.name = pool.domains[target].name, .detail = "it cannot be read"});
      continue;
    }
    seen.push_back({.name = pool.domains[target].name,
                    .known = true,
                    .specified = counts[target].specified,
                    .ready = counts[target].ready,
                    .cold = counts[target].cold,
                    .starting = counts[target].not_ready()});
    if (const auto since = counts[target].waits_since) {
      seen.back().unschedulable = {.replicas = counts[target].pending,
                                   .since = *since,
                                   .all_since = *since,
                                   .detail = "no node has room for it"};
    }
    seen.back().unready_since = fleet.unready_since(target);
    if (fleet.workload() != nullptr)
      seen.back().spread =
          spread_of(fleet, standing.zones, failure_domains(world_.scenario(), pool));
  }
  if (nearest) world_.note_look();
  return seen;
}

/// As many as its nodes hold with those that can still be had; nobody looks where the scheduler
/// spreads.
model::Room WorldPools::room(const model::EdgePool& pool) {
  const auto& nodes = world_.scenario().nodes;
  const auto own = nodes.find(pool.key);
  if (own == nodes.end() || !pool.topology_key.empty()) return {};
  return {
      .on_nodes = {pool.domains.size(), own->second.most}, .nodes = {}, .quota = {}, .unknown = {}};
}

Result<void> WorldPools::scale(const model::EdgePool& pool, const ports::ScaleOrder& order) {
  if (!world_.takes_writes()) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "the API server takes no writes",
                 .context = pool.domains[order.domain].target.name};
  }
  PoolFleet& fleet = fleet_of(pool);
  const Replicas specified = fleet.specified(order.domain);
  if (specified != order.from) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "specified " + std::to_string(specified.count()) + ", not " +
                            std::to_string(order.from.count()),
                 .context = pool.domains[order.domain].target.name};
  }
  fleet.specify(order.domain, order.to, world_.now());
  return {};
}

model::Reading WorldDemand::reading(double value, Instant now) const {
  using model::Freshness;
  const Instant at = world_.newest_sample();
  model::Reading reading{.freshness = Freshness::kFresh, .value = value, .at = at};
  const auto fails = [&](FaultKind kind) { return world_.fault(kind) != nullptr; };
  if (fails(FaultKind::kSourceGone)) {
    reading = {.freshness = Freshness::kFailed, .detail = "the source cannot be asked"};
  } else if (fails(FaultKind::kSamplesMissing)) {
    reading = {.freshness = Freshness::kMissing, .detail = "no series answers"};
  } else if (fails(FaultKind::kSamplesInvalid)) {
    reading = {.freshness = Freshness::kInvalid, .detail = "NaN"};
  } else if (fails(FaultKind::kSamplesPartial)) {
    reading.freshness = Freshness::kPartial;
    reading.value = std::round(reading.value * 2 / 3);
    reading.detail = "a third of the sources is not there";
  } else if (now - at > kFreshFor) {
    reading.freshness = Freshness::kStale;
    reading.detail = "the newest sample is " + edgetide::to_string(now - at) + " old";
  }
  return reading;
}

model::DemandReadings WorldDemand::read(const model::EdgePool& pool, Instant now) {
  const Instant at = world_.newest_sample();
  if (const auto* tier = world_.tier_of(pool.key)) {
    const double drawn = drawn_at(world_, *tier, at).count() * world_.told_share();
    return {.viewers = reading(drawn / kMegabit, now), .egress = reading(drawn, now)};
  }
  const double told = world_.told(at).count();
  model::DemandReadings readings{.viewers = reading(told, now)};
  const auto tell = [&](std::optional<model::Reading>& load, FaultKind missing, double value) {
    load = reading(value, now);
    if (world_.fault(missing) != nullptr)
      load = {.freshness = model::Freshness::kMissing, .detail = "no series answers"};
  };
  if (pool.capacity.egress)
    tell(readings.egress, FaultKind::kEgressMissing, told * world_.scenario().bitrate.count());
  const GatewayLoad* gateways = world_.gateways();
  if (gateways == nullptr) return readings;
  const auto tell_opened = [&](std::optional<model::Reading>& load, double value) {
    tell(load, FaultKind::kConnectionsMissing, value * world_.told_share());
  };
  if (pool.capacity.connections) tell_opened(readings.connections, gateways->open(at));
  if (pool.capacity.handshakes) tell_opened(readings.handshakes, gateways->handshakes(at).count());
  return readings;
}

Result<model::DemandHistory> WorldDemand::history(const model::EdgePool& pool,
                                                  const ports::HistoryRange& range) {
  if (world_.fault(FaultKind::kSourceGone) != nullptr) {
    return Error{.code = ErrorCode::kUnavailable, .message = "the source cannot be asked"};
  }
  const auto* tier = world_.tier_of(pool.key);
  std::vector<model::DemandSample> samples;
  const Instant last = std::min(range.to, world_.newest_sample());
  Instant at = range.from;
  // What was recorded later than that begins on a step of the range.
  if (const auto begins = world_.scenario().audience.begins(); begins && *begins > at)
    at += (*begins - at + range.step - Seconds{1}) / range.step * range.step;
  for (; at <= last; at += range.step) {
    samples.push_back({.at = at,
                       .viewers = tier != nullptr
                                      ? Viewers{drawn_at(world_, *tier, at).count() / kMegabit}
                                      : world_.measured(at)});
  }
  return model::DemandHistory{std::move(samples)};
}

}  // namespace edgetide::simulation
