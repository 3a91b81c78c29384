#pragma once

#include <memory>

#include "edgetide/backtest/policy.h"

/// Autoscalers that Edgetide is measured against, each after its published rule, minute by minute
/// and on viewers: none of them is slowed down by scrapes, queues or rounding of its own.
namespace edgetide::backtest {

/// Kubernetes' HPA v2 with its defaults on an external metric of viewers; see hpa.h.
/// \param target the share of a replica's capacity that is to be used
[[nodiscard]] std::unique_ptr<Policy> hpa_policy(const World& world, double target);

/// Knative's KPA: the mean of the last minute over target; while that of its last tenth asks for
/// twice what stands, panic, which follows the burst and lowers nothing until a minute after.
/// Source: Knative Serving, "Autoscaling", stable and panic windows (60 s, 10 %, 200 %).
[[nodiscard]] std::unique_ptr<Policy> kpa_policy(const World& world, double target);

/// Bare reaction: what the last value needs at the target, at once and every minute.
[[nodiscard]] std::unique_ptr<Policy> reaction_policy(const World& world, double target);

/// The larger of an HPA and last week's demand, of which the highest in half an hour counts half an
/// hour early. Source: the predictive trigger of Grafana Mimir's KEDA recipe (grafana/mimir#7775):
/// max_over_time(...[30m] offset 6d23h30m).
[[nodiscard]] std::unique_ptr<Policy> last_week_policy(const World& world, double target);

/// The last value and a buffer: `factor` times the largest surge that came within a lead time and a
/// minute during the last day; held for five minutes. Source: the rule that Hotstar's engineers
/// describe in their posts: a trigger, the time to serve, and a buffer for the surge within it.
[[nodiscard]] std::unique_ptr<Policy> surge_policy(const World& world, double factor);

/// KEDA: a Prometheus trigger through an HPA, and a cron trigger for each announced event, from
/// half an hour before its start until its end, for `factor` times the peak of the last event like
/// it: of its class and kind of day, else of its kind of day, else the last; three times the last
/// week's peak before any. With a `fallback` of more than nothing so many stand while the newest
/// sample is older than three polls of 30 s; without, the HPA leaves what stands. Source:
/// KEDA 2.20, "Prometheus" and "Cron" scalers, "Scaling Deployments", fallback.
[[nodiscard]] std::unique_ptr<Policy> keda_policy(const World& world, double target, double factor,
                                                  Replicas fallback);

/// The PredictiveHorizontalPodAutoscaler: the larger of an HPA and Holt and Winters' additive
/// smoothing of what that HPA asked for, in steps of five minutes, of a daily season, from the
/// third day on. Source: its documentation, models "HoltWinters", decision type "maximum";
/// smoothing of 0.5, 0.01 and 0.3, which its users choose.
[[nodiscard]] std::unique_ptr<Policy> predictive_hpa_policy(const World& world, double target);

/// A cloud's predictive scaling beside target tracking: means by hour of the day and of the week
/// over 14 days, forecast every six hours, launched five minutes before each hour, never lowering;
/// tracking goes out after three minutes above the target and in after fifteen below 90 % of it.
/// Source: Amazon EC2 Auto Scaling, "Predictive scaling" (14 days, hourly, every 6 hours,
/// SchedulingBufferTime) and "Target tracking" alarms; the forecast itself is not published.
[[nodiscard]] std::unique_ptr<Policy> cloud_policy(const World& world, double target);

/// A schedule written once, at the window's beginning: of the two weeks before it the highest
/// demand between 17:00 and 24:00 UTC, and the highest of the other hours, times `factor`; the
/// first demand known where there is no such past.
[[nodiscard]] std::unique_ptr<Policy> schedule_policy(const World& world, double factor);

/// Knows the demand of the coming lead time: the cheapest fleet with that lead that is never short.
/// The one policy that sees what is not known yet.
[[nodiscard]] std::unique_ptr<Policy> clairvoyant_policy(const World& world);

}  // namespace edgetide::backtest
