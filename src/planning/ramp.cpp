#include "ramp.h"

#include <algorithm>

namespace edgetide::planning {
namespace {

constexpr int kMostMoments = 30;

/// How many decisions it takes to rise to the pool's maximum; as many as a ramp may last at most.
Seconds::rep looks_until_full(const model::EdgePool& pool, const Standing& standing,
                              Replicas at_once) {
  const Seconds::rep most = kLongestRamp / standing.review;
  if (pool.behavior.scale_up.policies.empty()) {
    // Steps alone, one like the other; what is used up of the first takes one more.
    const int step = pool.pacing.step.count();
    const Seconds::rep steps = ((pool.replicas.max - at_once).count() + step - 1) / step + 1;
    return std::min(
        most, steps * ((pool.pacing.interval + standing.review - Seconds{1}) / standing.review));
  }
  PacedFleet fleet(pool, standing);
  Seconds::rep looks = 1;
  while (looks < most && fleet.most_at(looks * standing.review) < pool.replicas.max) ++looks;
  return looks;
}

}  // namespace

Replicas begun_for(const model::EdgePool& pool, const Standing& standing,
                   std::span<const NeedAhead> needs, Replicas least) {
  if (needs.empty()) return least;
  const auto reaches_all = [&](Replicas begun) {
    PacedFleet fleet(pool, standing);
    fleet.order(begun, Seconds{0});
    return std::ranges::all_of(
        needs, [&](const NeedAhead& need) { return fleet.reaches(need.total, need.after); });
  };
  if (reaches_all(least)) return least;
  Replicas too_few = least;
  Replicas enough = std::ranges::max(needs, {}, &NeedAhead::total).total;
  while (enough - too_few > Replicas{1}) {
    const Replicas middle{too_few.count() + (enough - too_few).count() / 2};
    (reaches_all(middle) ? enough : too_few) = middle;
  }
  return enough;
}

std::vector<Seconds> ramp_moments(const model::EdgePool& pool, const Standing& standing) {
  std::vector<Seconds> moments;
  PacedFleet fleet(pool, standing);
  const bool may_rise = pool.behavior.scale_up.select != model::ScalingRules::Select::kDisabled;
  const Replicas at_once = fleet.most_at(Seconds{0});
  if (!may_rise || at_once >= pool.replicas.max) return moments;
  const Seconds::rep looks = looks_until_full(pool, standing, at_once);
  const Seconds step = standing.review * ((looks + kMostMoments - 1) / kMostMoments);
  for (Seconds moment = step; moment < looks * standing.review + step; moment += step)
    moments.push_back(moment);
  return moments;
}

}  // namespace edgetide::planning
