#pragma once

#include <cstdint>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::backtest {

/// What an HPA's target is a target of.
enum class HpaMetric {
  kResource,  ///< The utilization of Ready replicas, such as of their CPU.
  kExternal,  ///< A total from a metrics server, shared out over the replicas asked for.
};

/// How fast an HPA may go in one direction: of its two policies the one that allows more counts
/// (`selectPolicy: Max`).
struct HpaRules {
  Seconds window{0};   ///< `stabilizationWindowSeconds`.
  double percent = 0;  ///< Of what stood a period ago;
  Replicas pods{0};    ///< or so many.
  Seconds period{15};
};

/// Kubernetes' HorizontalPodAutoscaler v2 with its defaults.
struct HpaSettings {
  HpaMetric metric = HpaMetric::kResource;
  Ratio target{.6};
  double tolerance = .1;
  HpaRules up{.percent = 100, .pods = Replicas{4}};
  HpaRules down{.window = Seconds{300}, .percent = 100};
  Seconds sync{15};
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

/// One autoscaler with its memory.
class Hpa {
 public:
  explicit Hpa(const HpaSettings& settings) : settings_(settings) {}

  /// The new size: the proposal; downwards no lower than any of its window, upwards no higher; no
  /// faster than the rules let it be in all syncs since it was last asked; then the bounds.
  /// \pre not asked more often than it syncs
  [[nodiscard]] Replicas decide(const HpaReading& reading, Instant now);

 private:
  struct Proposal {
    Instant at;
    Replicas replicas;
  };
  struct Change {
    Instant at;
    int replicas;
  };

  [[nodiscard]] Replicas stabilized(Replicas proposed, const HpaReading& reading, Instant now);
  /// What the rules let stand of so many now, after all syncs since it was last asked.
  [[nodiscard]] Replicas paced(Replicas specified, bool up, std::int64_t syncs, Instant now) const;

  HpaSettings settings_;
  std::vector<Proposal> proposals_;
  std::vector<Change> changes_;  ///< Within the longer period.
  Instant last_asked_{};
};

}  // namespace edgetide::backtest
