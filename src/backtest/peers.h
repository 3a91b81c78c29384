#pragma once

#include <chrono>
#include <memory>

#include "edgetide/backtest/hpa.h"
#include "edgetide/backtest/policy.h"

/// Autoscalers that Edgetide is measured against, each after its published rule, minute by minute
/// and on viewers: none of them is slowed down by scrapes, queues or rounding of its own.
namespace edgetide::backtest {

/// Kubernetes' HPA v2 on an external metric of viewers; see hpa.h.
[[nodiscard]] std::unique_ptr<Policy> hpa_policy(const World& world, const HpaSettings& settings);

struct KpaSettings {
  double target = .7;        ///< The share of a replica's capacity that is to be used.
  Seconds window{60};        ///< `stable-window`.
  double panic_window = .1;  ///< Of the stable window.
  double panic = 2;          ///< Of what stands.
};

/// Knative's KPA: the mean of the stable window over target; while that of the panic window asks
/// for `panic` times what stands, panic, which follows the burst and lowers nothing until a stable
/// window after. Of windows below a minute the newest value is the mean.
/// Source: Knative Serving, "Autoscaling", stable and panic windows.
[[nodiscard]] std::unique_ptr<Policy> kpa_policy(const World& world, const KpaSettings& settings);

/// Bare reaction: what the last value needs at the target, at once and every minute.
[[nodiscard]] std::unique_ptr<Policy> reaction_policy(const World& world, double target);

struct LastWeekSettings {
  HpaSettings hpa;
  double factor = 1;               ///< Of the demand of then.
  std::chrono::minutes early{30};  ///< Before it came then, and for how long it counts.
  std::chrono::days back{7};
};

/// The larger of an HPA and last week's demand, of which the highest in half an hour counts half an
/// hour early. Source: the predictive trigger of Grafana Mimir's KEDA recipe (grafana/mimir#7775):
/// max_over_time(...[30m] offset 6d23h30m).
[[nodiscard]] std::unique_ptr<Policy> last_week_policy(const World& world,
                                                       const LastWeekSettings& settings);

struct SurgeSettings {
  double factor = 1;             ///< Buffer in largest surges.
  std::chrono::minutes hold{5};  ///< That a need counts on.
  std::chrono::hours past{24};   ///< In which the largest surge is looked for.
};

/// The last value and a buffer: `factor` times the largest surge that came within a lead time and a
/// minute. Source: the rule that Hotstar's engineers describe in their posts: a trigger, the time
/// to serve, and a buffer for the surge within it.
[[nodiscard]] std::unique_ptr<Policy> surge_policy(const World& world,
                                                   const SurgeSettings& settings);

struct KedaSettings {
  HpaSettings hpa;
  double factor = 1;                ///< Of the last like event's peak.
  std::chrono::minutes before{30};  ///< An event's start, from when the cron trigger is on,
  std::chrono::minutes after{0};    ///< until so long after its end.
  Replicas fallback{0};             ///< Zero for none.
  Seconds poll{30};                 ///< `pollingInterval`.
  int failures = 3;                 ///< `failureThreshold`, in polls.
};

/// KEDA: a Prometheus trigger through an HPA, and a cron trigger for each announced event, for
/// `factor` times the peak of the last event like it: of its class and kind of day, else of its
/// kind of day, else the last; three times the last week's peak before any. With a `fallback` of
/// more than nothing so many stand while the newest sample is older than the failures' polls;
/// without, the HPA leaves what stands. Source: KEDA 2.20, "Prometheus" and "Cron" scalers,
/// "Scaling Deployments", fallback.
[[nodiscard]] std::unique_ptr<Policy> keda_policy(const World& world, const KedaSettings& settings);

struct PredictiveHpaSettings {
  HpaSettings hpa;
  double alpha = .5;              ///< Smoothing of the level,
  double beta = .01;              ///< the trend,
  double gamma = .3;              ///< and the season.
  std::chrono::hours season{24};  ///< `seasonalPeriods` times the step.
  std::chrono::minutes step{5};   ///< `syncPeriod` of the model.
};

/// The PredictiveHorizontalPodAutoscaler: the larger of an HPA and Holt and Winters' additive
/// smoothing of what that HPA asked for, from the third season on. Source: its documentation,
/// models "HoltWinters", decision type "maximum"; smoothing, season and step are its users' choice.
[[nodiscard]] std::unique_ptr<Policy> predictive_hpa_policy(const World& world,
                                                            const PredictiveHpaSettings& settings);

struct CloudSettings {
  double target = .6;
  bool scales = true;              ///< False for "ForecastOnly": target tracking alone.
  std::chrono::minutes buffer{5};  ///< `SchedulingBufferTime`.
  std::chrono::days history{14};   ///< That the forecast is made from.
  int out = 3;                     ///< Minutes above the target until tracking raises,
  int in = 15;                     ///< and below nine tenths of it until it lowers.
};

/// A cloud's predictive scaling beside target tracking: means by hour of the day and of the week,
/// forecast every six hours, launched a buffer before each hour, never lowering. Source: Amazon EC2
/// Auto Scaling, "Predictive scaling" (14 days, hourly, every 6 hours, SchedulingBufferTime) and
/// "Target tracking" alarms; the forecast itself is not published.
[[nodiscard]] std::unique_ptr<Policy> cloud_policy(const World& world,
                                                   const CloudSettings& settings);

struct ScheduleSettings {
  double factor = 1;                    ///< Of what was needed at most.
  std::chrono::hours evening_from{17};  ///< UTC,
  std::chrono::hours evening_to{24};
  std::chrono::weeks past{2};
};

/// A schedule written once, at the window's beginning: of the weeks before it the highest demand of
/// the evenings, and the highest of the other hours, times `factor`; the first demand known where
/// there is no such past.
[[nodiscard]] std::unique_ptr<Policy> schedule_policy(const World& world,
                                                      const ScheduleSettings& settings);

/// Knows the demand of the coming lead time: the cheapest fleet with that lead that is never short.
/// The one policy that sees what is not known yet.
[[nodiscard]] std::unique_ptr<Policy> clairvoyant_policy(const World& world);

}  // namespace edgetide::backtest
