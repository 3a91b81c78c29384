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

/// Knows the demand of the coming lead time: the cheapest fleet with that lead that is never short.
/// The one policy that sees what is not known yet.
[[nodiscard]] std::unique_ptr<Policy> clairvoyant_policy(const World& world);

}  // namespace edgetide::backtest
