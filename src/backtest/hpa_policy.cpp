#include "hpa_policy.h"

#include <algorithm>

#include "edgetide/backtest/score.h"

namespace edgetide::backtest {

Replicas at_target(const World& world, Viewers viewers, double target) {
  return std::max(Replicas{1}, clairvoyant_replicas(world.pool, Viewers{viewers.count() / target}));
}

namespace {

HpaSettings on_viewers(HpaSettings settings, const model::EdgePool& pool) {
  settings.metric = HpaMetric::kExternal;
  settings.min = pool.replicas.min;
  settings.max = pool.replicas.max;
  return settings;
}

}  // namespace

HpaPolicy::HpaPolicy(const World& world, const HpaSettings& settings)
    : world_(world),
      target_(settings.target.count()),
      sync_(settings.sync),
      hpa_(on_viewers(settings, world.pool)) {}

Replicas HpaPolicy::decide(const Moment& moment) { return decide(moment, Replicas{0}); }

/// The larger proposal counts, so that the load may be taken for what the other one asks for.
Replicas HpaPolicy::decide(const Moment& moment, Replicas at_least) {
  const Viewers viewers = newest_viewers(moment);
  if (moment.now == world_.window.from)
    stands_ = std::max(at_target(world_, viewers, target_), at_least);
  if (synced_ && moment.now - *synced_ < sync_) return stands_;
  synced_ = moment.now;
  const double load = viewers.count() / world_.pool.capacity.viewers->count();
  const double asked = at_least.count() * target_;
  stands_ = hpa_.decide({.load = std::max(load, asked), .specified = stands_}, moment.now);
  return stands_;
}

}  // namespace edgetide::backtest
