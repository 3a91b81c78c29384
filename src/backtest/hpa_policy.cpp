#include "hpa_policy.h"

#include <algorithm>

#include "edgetide/backtest/score.h"

namespace edgetide::backtest {

Replicas at_target(const World& world, Viewers viewers, double target) {
  return std::max(Replicas{1}, clairvoyant_replicas(world.pool, Viewers{viewers.count() / target}));
}

HpaPolicy::HpaPolicy(const World& world, double target)
    : world_(world),
      target_(target),
      hpa_({.metric = HpaMetric::kExternal,
            .target = Ratio{target},
            .min = world.pool.replicas.min,
            .max = world.pool.replicas.max}) {}

Replicas HpaPolicy::decide(const Moment& moment) { return decide(moment, Replicas{0}); }

/// The larger proposal counts, so that the load may be taken for what the other one asks for.
Replicas HpaPolicy::decide(const Moment& moment, Replicas at_least) {
  const Viewers viewers = newest_viewers(moment);
  if (moment.now == world_.window.from)
    stands_ = std::max(at_target(world_, viewers, target_), at_least);
  const double load = viewers.count() / world_.pool.capacity.viewers->count();
  const double asked = at_least.count() * target_;
  stands_ = hpa_.decide({.load = std::max(load, asked), .specified = stands_}, moment.now);
  return stands_;
}

}  // namespace edgetide::backtest
