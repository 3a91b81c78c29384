#include "edgetide/guard/mass_change.h"

#include <algorithm>
#include <string>

#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

constexpr int kFewestPools = 5;
/// Longer than a tick, in which each pool has its look.
constexpr Seconds kAtOnce{60};

bool are_many(int changed, int pools) { return changed >= kFewestPools && changed * 5 > pools; }

/// No lower than anything that was wanted within ten minutes; a memory that is younger knows too
/// little to lower anything.
Fleet held(const GuardInputs& inputs, const Fleet& wanted) {
  const Fleet current = specified_fleet(inputs.observation);
  const auto& since = inputs.memory.since;
  if (!since || inputs.now - *since < kMassChangeAge) return at_least(wanted, current);
  Fleet highest = wanted;
  for (const auto& past : inputs.memory.recommendations) {
    if (inputs.now - past.at > kMassChangeAge || past.per_domain.size() != wanted.size()) continue;
    highest = at_least(highest, past.per_domain);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    highest[i] = std::max(wanted[i], std::min(current[i], highest[i]));
  }
  return highest;
}

}  // namespace

void MassChangeWatch::note(const ObjectKey& key, const std::optional<Wish>& wish, Instant now) {
  if (!first_) first_ = now;
  Pool& pool = pools_[key];
  if (!wish || wish->wanted >= wish->standing) {
    pool.less_since.reset();
    set_changed(key, pool, std::nullopt);
    if (wish) pool.reference = wish->wanted;
    return judge(now);
  }
  if (!pool.less_since) pool.less_since = now;
  const Replicas reference = pool.reference.value_or(wish->standing);
  if (10L * wish->wanted.count() <= 9L * reference.count()) {
    set_changed(key, pool, now);
    pool.reference = wish->wanted;
  } else {
    pool.reference = std::max(reference, wish->wanted);
  }
  judge(now);
}

void MassChangeWatch::forget(const ObjectKey& key) {
  const auto known = pools_.find(key);
  if (known == pools_.end()) return;
  set_changed(key, known->second, std::nullopt);
  pools_.erase(known);
}

void MassChangeWatch::set_changed(const ObjectKey& key, Pool& pool, std::optional<Instant> at) {
  if (pool.changed) changes_.erase({*pool.changed, key});
  pool.changed = at;
  if (at) changes_.emplace(*at, key);
}

void MassChangeWatch::judge(Instant now) {
  while (!changes_.empty() && now - changes_.begin()->first > kAtOnce) {
    const ObjectKey key = changes_.begin()->second;
    set_changed(key, pools_.at(key), std::nullopt);
  }
  const auto changed = static_cast<int>(changes_.size());
  if (!are_many(changed, static_cast<int>(pools_.size()))) return;
  const bool goes_on = last_ && now - *last_ < kMassChangeAge;
  most_ = goes_on ? std::max(most_, changed) : changed;
  last_ = now;
}

MassChange MassChangeWatch::told_to(const ObjectKey& pool, Instant now, Seconds tick) const {
  const int pools = static_cast<int>(pools_.size());
  if (last_ && now - *last_ < kMassChangeAge) {
    return {.state = MassChange::State::kHolds, .wanting_less = most_, .pools = pools};
  }
  const auto has_lasted = [&](const std::optional<Instant>& since) {
    return since && now - *since >= tick;
  };
  const auto known = pools_.find(pool);
  const bool few = has_lasted(first_) && pools < kFewestPools;
  const bool seen = known != pools_.end() && has_lasted(known->second.less_since);
  if (few || seen) return {.pools = pools};
  return {.state = MassChange::State::kUnseen, .pools = pools};
}

Guarded mass_change(const GuardInputs& inputs, Fleet wanted) {
  const MassChange& change = inputs.mass_change;
  switch (change.state) {
    case MassChange::State::kNone: return unchanged(std::move(wanted));
    case MassChange::State::kUnseen:
      return judged(
          "mass-change", wanted, at_least(wanted, specified_fleet(inputs.observation)),
          model::reason::kMassChange,
          "whether the other pools of the source want less too is known at the next look");
    case MassChange::State::kHolds: break;
  }
  return judged("mass-change", wanted, held(inputs, wanted), model::reason::kMassChange,
                std::to_string(change.wanting_less) + " of the source's " +
                    std::to_string(change.pools) +
                    " pools want less at once: rather the source than the audience; believed "
                    "when it is " +
                    to_string(kMassChangeAge) + " old");
}

}  // namespace edgetide::guard
