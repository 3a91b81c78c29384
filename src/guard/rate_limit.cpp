#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

using model::ScalingPolicy;
using model::ScalingRules;

/// The total at the beginning of the period, from what was written since. One direction is counted
/// at a time: a rise within the period does not pay for a fall, as it does with an HPA.
Replicas at_period_start(const GuardInputs& inputs, Seconds period, Replicas current, int sign) {
  Replicas start = current;
  for (const auto& event : inputs.memory.scale_events) {
    if (inputs.now - event.at >= period || event.change * sign <= 0) continue;
    start -= Replicas{event.change};
  }
  return start;
}

/// A part of a replica counts as one, as an HPA has it in both directions.
Replicas part_of(Replicas replicas, int percent) {
  return Replicas{static_cast<int>((static_cast<long>(replicas.count()) * percent + 99) / 100)};
}

Replicas lowest_by(const ScalingPolicy& policy, Replicas start) {
  if (policy.type == ScalingPolicy::Type::kPods) {
    return Replicas{std::max(0, start.count() - policy.value)};
  }
  return start - part_of(start, std::min(100, policy.value));
}

Replicas highest_by(const ScalingPolicy& policy, Replicas start) {
  if (policy.type == ScalingPolicy::Type::kPods) return Replicas{start.count() + policy.value};
  return start + part_of(start, policy.value);
}

/// The least total that the rules let stand now; zero without rules.
Replicas lowest_total(const GuardInputs& inputs, const ScalingRules& rules, Replicas current) {
  if (rules.select == ScalingRules::Select::kDisabled) return current;
  std::optional<Replicas> lowest;
  for (const auto& policy : rules.policies) {
    const auto by = lowest_by(policy, at_period_start(inputs, policy.period, current, -1));
    if (!lowest) lowest = by;
    lowest =
        rules.select == ScalingRules::Select::kMax ? std::min(*lowest, by) : std::max(*lowest, by);
  }
  return std::min(current, lowest.value_or(Replicas{0}));
}

/// The largest total that the rules let stand now; nothing without rules.
std::optional<Replicas> highest_total(const GuardInputs& inputs, const ScalingRules& rules,
                                      Replicas current) {
  if (rules.select == ScalingRules::Select::kDisabled) return current;
  std::optional<Replicas> highest;
  for (const auto& policy : rules.policies) {
    const auto by = highest_by(policy, at_period_start(inputs, policy.period, current, 1));
    if (!highest) highest = by;
    highest = rules.select == ScalingRules::Select::kMax ? std::max(*highest, by)
                                                         : std::min(*highest, by);
  }
  if (!highest) return std::nullopt;
  return std::max(current, *highest);
}

}  // namespace

Guarded rate_limit(const GuardInputs& inputs, Fleet wanted) {
  const Fleet current = specified_fleet(inputs.observation);
  const auto& [up, down] = inputs.pool.behavior;
  Fleet paced = wanted;
  const Replicas lowest = lowest_total(inputs, down, total(current));
  if (total(paced) < lowest) paced = trimmed_falls(paced, current, lowest);
  const auto highest = highest_total(inputs, up, total(current));
  if (highest && total(paced) > *highest) paced = trimmed_rises(paced, current, *highest);
  if (paced == wanted) return unchanged(std::move(paced));
  return judged("rate-limit", wanted, std::move(paced), model::reason::kRateLimited,
                "policies allow " + std::to_string(lowest.count()) + " to " +
                    (highest ? std::to_string(highest->count()) : "any number of") +
                    " replicas now");
}

Guarded pacing(const GuardInputs& inputs, Fleet wanted) {
  const Fleet current = specified_fleet(inputs.observation);
  const auto& [step, interval] = inputs.pool.pacing;
  const Replicas most =
      std::max(total(current), at_period_start(inputs, interval, total(current), 1) + step);
  // A fall beside the rise may yet be held.
  const Replicas falls = total(at_least(wanted, current)) - total(wanted);
  if (total(wanted) + falls <= most) return unchanged(std::move(wanted));
  // Rises that wait let no more go in all than was wanted with them.
  const Replicas least = std::min(total(wanted), total(current));
  return judged("pacing", wanted,
                trimmed_falls(trimmed_rises(wanted, current, most - falls), current, least),
                model::reason::kPaceOfSteps,
                "at most " + std::to_string(step.count()) + " more are ordered within " +
                    to_string(interval));
}

}  // namespace edgetide::guard
