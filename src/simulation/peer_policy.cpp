#include "simulation/peer_policy.h"

#include <algorithm>

#include "simulation/spread.h"

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;

std::vector<model::DemandSample> minutely(const Audience& audience, Instant from, Instant to) {
  std::vector<model::DemandSample> samples;
  const Instant begin = std::max(from, audience.begins().value_or(from));
  for (Instant at = backtest::minute_of(begin); at < to; at += minutes{1}) {
    if (at >= begin) samples.push_back({.at = at, .viewers = audience.at(at)});
  }
  return samples;
}

}  // namespace

std::optional<Viewers> told_to_peers(const World& world) {
  for (const auto silent :
       {FaultKind::kSamplesMissing, FaultKind::kSamplesInvalid, FaultKind::kSourceGone}) {
    if (world.fault(silent) != nullptr) return std::nullopt;
  }
  const double part = world.fault(FaultKind::kSamplesPartial) != nullptr ? 2. / 3 : 1;
  return Viewers{world.told(world.newest_sample()).count() * part};
}

void place(World& world, Replicas total) {
  if (!world.takes_writes()) return;
  const auto& domains = world.scenario().pool.domains;
  if (world.fleet().workload() != nullptr)
    return world.fleet().specify(0, std::min(total, domains.front().max_replicas), world.now());
  std::vector<SpreadDomain> stands;
  for (std::size_t i = 0; i < domains.size(); ++i) {
    stands.push_back({.stands = world.fleet().specified(i),
                      .limit = domains[i].max_replicas,
                      .alive = !world.fleet().lost(i)});
  }
  const auto placed = spread(stands, total);
  for (std::size_t i = 0; i < placed.size(); ++i) world.fleet().specify(i, placed[i], world.now());
}

PeerPolicy::PeerPolicy(World& world, const backtest::PolicyChoice& choice)
    : world_(world),
      truth_(minutely(world.scenario().audience, world.scenario().from - choice.past(),
                      world.scenario().to)),
      heard_(
          minutely(world.scenario().audience, world.now() - choice.past(), world.newest_sample())),
      asked_{.pool = world.scenario().pool,
             .samples = truth_,
             .told = heard_,
             .calendar = world.scenario().calendar,
             .offsets = offsets_,
             .window = {.from = backtest::minute_of(world.now()), .to = world.scenario().to},
             .lead = world.scenario().pool.lead_time,
             .delay = world.scenario().scrape_delay},
      policy_(choice.make(asked_)) {}

Seconds PeerPolicy::act() {
  hear();
  const auto& [least, most] = world_.scenario().pool.replicas;
  const Replicas asked = policy_->decide({.now = world_.now(), .known = heard_});
  place(world_, std::clamp(asked, least, most));
  return minutes{1};
}

void PeerPolicy::hear() {
  const auto viewers = told_to_peers(world_);
  const Instant at = world_.newest_sample();
  const bool known = !heard_.empty() && heard_.back().at >= at;
  if (viewers && !known) heard_.push_back({.at = at, .viewers = *viewers});
}

}  // namespace edgetide::simulation
