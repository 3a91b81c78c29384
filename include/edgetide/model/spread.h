#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/quantity.h"

namespace edgetide::model {

/// What of a pool stands in one failure domain.
struct DomainReplicas {
  std::string name;
  Replicas ready;     ///< Serving now.
  Replicas cold;      ///< Of them, what their young caches do not carry yet.
  Replicas starting;  ///< Placed there and on the way.

  [[nodiscard]] Replicas warm() const { return ready - cold; }
};

/// One workload as the scheduler has spread it over failure domains.
struct Spread {
  /// By name: those in which a node may take a replica, or one stands.
  std::vector<DomainReplicas> domains;
  /// By how many replicas the scheduler lets the domains differ; nothing where it is not bound to
  /// (`whenUnsatisfiable: DoNotSchedule`), and so may put the next ones anywhere.
  std::optional<int> max_skew;
  /// By name: those whose nodes all take nothing in, and that the scheduler still counts for the
  /// skew, as empty where none of the replicas stands.
  std::vector<std::string> closed{};
  std::string unknown;  ///< Why the domains are not known; empty when they are.
};

}  // namespace edgetide::model
