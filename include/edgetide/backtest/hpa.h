#pragma once

#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::backtest {

/// What an HPA's target is a target of.
enum class HpaMetric {
  kResource,  ///< The utilization of Ready replicas, such as of their CPU.
  kExternal,  ///< A total from a metrics server, shared out over the replicas asked for.
};

/// Kubernetes' HorizontalPodAutoscaler v2 with its defaults.
struct HpaSettings {
  HpaMetric metric = HpaMetric::kResource;
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
  Replicas ready;    ///< kResource alone, as is the next.
  Replicas unready;  ///< Starting or pending; counted as unused when growing.
};

/// The size that the metric asks for, before windows and limits.
///
/// kResource:
///   ratio = load / ready / target; within 1 +- tolerance: stay
///   growing with unready replicas: the ratio again over all of them, and stay if it no longer
///   grows otherwise ceil(ratio * replicas it was taken over)
///
/// 30 of load on 40 ready at 60 %: 30 / 40 / .6 = 1.25, so ceil(1.25 * 40) = 50.
///
/// kExternal:
///   ratio = load / specified / target; within 1 +- tolerance: stay; otherwise ceil(load / target)
///
/// Source: the algorithm as documented by Kubernetes ("Horizontal Pod Autoscaling", algorithm
/// details) and, for kExternal, its replica calculator for `AverageValue` targets. Utilization may
/// pass 100 % here, where a saturated real server's could not: in the HPA's favour, since it then
/// sees all of an overload at once.
[[nodiscard]] Replicas hpa_metric_proposal(const HpaSettings& settings, const HpaReading& reading);

/// One autoscaler with its memory; synced every 15 seconds.
class Hpa {
 public:
  explicit Hpa(const HpaSettings& settings) : settings_(settings) {}

  /// The new size: the proposal; downwards no lower than any of the last 300 seconds; upwards at
  /// most doubled or 4 more, whichever is larger, for each 15 seconds since it was last asked; then
  /// the bounds. \pre not asked more often than every 15 seconds
  [[nodiscard]] Replicas decide(const HpaReading& reading, Instant now);

 private:
  struct Proposal {
    Instant at;
    Replicas replicas;
  };

  [[nodiscard]] Replicas stabilized(Replicas proposed, const HpaReading& reading, Instant now);
  [[nodiscard]] Replicas fastest_rise(Replicas specified, Instant now);

  HpaSettings settings_;
  std::vector<Proposal> proposals_;
  Instant last_asked_{};
};

}  // namespace edgetide::backtest
