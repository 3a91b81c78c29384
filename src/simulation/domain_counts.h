#pragma once

#include <optional>
#include <span>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::simulation {

/// What stands in one failure domain at a moment.
struct DomainCounts {
  Replicas specified;  ///< Asked for. While a rollout is under way more or fewer stand.
  Replicas ready;      ///< Serving.
  Replicas starting;   ///< On a machine, not serving yet.
  Replicas pending;    ///< Ordered, but there is no machine or node for it; costs nothing.
  Replicas draining;   ///< Taken out of service, finishing what it has begun.
  Replicas cold;       ///< Of the Ready ones, what their young caches do not carry yet.
  /// Since when the longest pending replica has found no node; nothing while none is pending, or
  /// the domain is lost.
  std::optional<Instant> waits_since;
  /// Of one workload, on the nodes of a lost domain: said to be there until they are evicted.
  Replicas dead;
  bool gone = false;  ///< Of one workload: lost, and nothing is said to be there any more.

  /// That are there and do not serve, with those that have no node.
  [[nodiscard]] Replicas not_ready() const { return starting + pending + dead; }
  /// All but those that leave.
  [[nodiscard]] Replicas standing() const { return ready + not_ready(); }
};

/// Sums over domains.
[[nodiscard]] Replicas total_ready(std::span<const DomainCounts> domains);
/// Ready ones by what their caches carry.
[[nodiscard]] Replicas total_serving(std::span<const DomainCounts> domains);
[[nodiscard]] Replicas total_specified(std::span<const DomainCounts> domains);
/// What is paid for: ready and starting.
[[nodiscard]] Replicas total_paid(std::span<const DomainCounts> domains);

}  // namespace edgetide::simulation
