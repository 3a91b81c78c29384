#pragma once

#include <span>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::simulation {

/// Kubernetes' HorizontalPodAutoscaler v2 on a resource's utilization, with its defaults.
struct HpaSettings {
  Ratio target{.6};
  double tolerance = .1;
  Seconds downscale_stabilization{300};
  Replicas min{1};
  Replicas max{10'000};
};

/// What an HPA sees of its workload.
struct HpaReading {
  double load = 0;  ///< In replicas that are fully used: 90 is what 100 carry at 90 %.
  Replicas specified;
  Replicas ready;
  Replicas unready;  ///< Starting or pending; counted as unused when growing.
};

/// The size that the metric asks for, before windows and limits.
///
///   ratio = load / ready / target; within 1 +- tolerance: stay
///   growing with unready replicas: the ratio again over all of them, and stay if it no longer
///   grows otherwise ceil(ratio * replicas it was taken over)
///
/// 30 of load on 40 ready at 60 %: 30 / 40 / .6 = 1.25, so ceil(1.25 * 40) = 50.
/// Source: the algorithm as documented by Kubernetes ("Horizontal Pod Autoscaling", algorithm
/// details). Utilization may pass 100 % here, where a saturated real server's could not: in the
/// HPA's favour, since it then sees all of an overload at once.
[[nodiscard]] Replicas hpa_metric_proposal(const HpaSettings& settings, const HpaReading& reading);

/// One autoscaler with its memory; to be asked every 15 seconds.
class Hpa {
 public:
  explicit Hpa(const HpaSettings& settings) : settings_(settings) {}

  /// The new size: the proposal; downwards no lower than any of the last 300 seconds; upwards at
  /// most doubled or 4 more in 15 seconds, whichever is larger; then the bounds.
  [[nodiscard]] Replicas decide(const HpaReading& reading, Instant now);

 private:
  struct Proposal {
    Instant at;
    Replicas replicas;
  };

  [[nodiscard]] Replicas stabilized(Replicas proposed, const HpaReading& reading, Instant now);

  HpaSettings settings_;
  std::vector<Proposal> proposals_;
};

/// Where a size is placed.
struct SpreadDomain {
  Replicas stands;  ///< What is specified there now.
  Replicas limit;
  bool alive = true;  ///< A lost domain takes nothing and gives up what it has.
};

/// `total` over the domains as a scheduler with a soft spread constraint does: growing goes to the
/// emptiest, shrinking takes from the fullest, nothing moves that need not.
[[nodiscard]] std::vector<Replicas> spread(std::span<const SpreadDomain> domains, Replicas total);

}  // namespace edgetide::simulation
