#pragma once

namespace edgetide::simulation {

/// Of which version a replica is, while a rollout is under way; without one all are current.
enum class Version { kOld, kCurrent };
inline constexpr int kVersions = 2;

/// What stands of one version: a ReplicaSet.
struct VersionCounts {
  int ready = 0;
  int starting = 0;
  int pending = 0;

  [[nodiscard]] int all() const { return ready + starting + pending; }
  VersionCounts& operator+=(const VersionCounts& more) {
    ready += more.ready;
    starting += more.starting;
    pending += more.pending;
    return *this;
  }
};

/// What a Deployment's controller does at once, as a change of either version.
struct RolloutStep {
  int current = 0;
  int old = 0;

  [[nodiscard]] bool changes_nothing() const { return current == 0 && old == 0; }
};

/// The next step of a Deployment of which so many are asked for, by Kubernetes' defaults:
/// `maxSurge` 25 %, rounded up, and `maxUnavailable` 25 %, rounded down. As many of the current
/// version are started as stand below what is asked for and the surge; then of the old one those go
/// that are not Ready, as far as all that are not Ready are no more than may be unavailable, and
/// Ready ones as far as enough are left. What is asked for meanwhile is of the current version,
/// where the real controller shares it out among both until the rollout goes on.
///
///   40 asked for and old  ->  10 are started  ->  10 old ones go  ->  as many more as go are
///   started
[[nodiscard]] RolloutStep next_step(int asked, const VersionCounts& current,
                                    const VersionCounts& old);

}  // namespace edgetide::simulation
