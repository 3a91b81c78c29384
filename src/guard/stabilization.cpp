#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

/// How long a memory has to be before its silence says that nothing happened.
Seconds memory_needed(const model::EdgePool& pool) {
  Seconds needed = lowering_window(pool);
  for (const auto& policy : pool.behavior.scale_down.policies)
    needed = std::max(needed, policy.period);
  return needed;
}

bool remembers(const model::PlanMemory& memory, Seconds needed, Instant now) {
  return memory.since.has_value() && now - *memory.since >= needed;
}

/// Per domain the highest (or lowest) recommendation of the window, this moment's included.
template <typename Choose>
Fleet over_window(const GuardInputs& inputs, Fleet fleet, Seconds window, Choose choose) {
  if (window == Seconds{0}) return fleet;  // also of an earlier look of the same second
  for (const auto& recommendation : inputs.memory.recommendations) {
    if (inputs.now - recommendation.at > window) continue;
    if (recommendation.per_domain.size() != fleet.size()) continue;  // the domains have changed
    for (std::size_t i = 0; i < fleet.size(); ++i) {
      fleet[i] = choose(fleet[i], recommendation.per_domain[i]);
    }
  }
  return fleet;
}

}  // namespace

Seconds lowering_window(const model::EdgePool& pool) {
  return std::max(pool.behavior.scale_down.stabilization_window, pool.warm_up);
}

Guarded stabilization(const GuardInputs& inputs, Fleet wanted) {
  const Fleet current = specified_fleet(inputs.observation);
  const model::ScalingRules& up = inputs.pool.behavior.scale_up;
  const Seconds needed = memory_needed(inputs.pool);
  const bool young = !remembers(inputs.memory, needed, inputs.now);

  const auto larger = [](Replicas a, Replicas b) { return std::max(a, b); };
  const auto smaller = [](Replicas a, Replicas b) { return std::min(a, b); };
  const Seconds window = lowering_window(inputs.pool);
  const Fleet highest = over_window(inputs, wanted, window, larger);
  const Fleet lowest = remembers(inputs.memory, up.stabilization_window, inputs.now)
                           ? over_window(inputs, wanted, up.stabilization_window, smaller)
                           : current;
  Fleet settled = wanted;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] < current[i]) {
      settled[i] = young ? current[i] : std::min(current[i], highest[i]);
    } else {
      settled[i] = std::max(current[i], lowest[i]);
    }
  }
  if (settled == wanted) return unchanged(std::move(settled));
  if (young && total(settled) > total(wanted)) {
    return judged("stabilization", wanted, settled, model::reason::kMemoryTooYoung,
                  "nothing is lowered within " + to_string(needed) + " of a start");
  }
  return judged("stabilization", wanted, settled, model::reason::kWithinStabilizationWindow,
                total(settled) > total(wanted)
                    ? "more was wanted within the last " + to_string(window)
                    : "less was wanted within the last " + to_string(up.stabilization_window));
}

Guarded in_flight(const GuardInputs& inputs, Fleet wanted) {
  const Fleet current = specified_fleet(inputs.observation);
  const auto& domains = inputs.observation.domains;
  Fleet kept = at_least(wanted, current);
  if (kept == wanted) return unchanged(std::move(kept));
  std::string why;
  std::string waits;
  for (std::size_t i = 0; i < wanted.size() && why.empty(); ++i) {
    const Replicas warm = domains[i].ready - domains[i].cold;
    const std::string lack =
        "domain " + domains[i].name + " has " + std::to_string(warm.count()) +
        (domains[i].cold > Replicas{0} ? " Ready and warm of the " : " Ready of the ") +
        std::to_string(wanted[i].count()) + " that it is to keep";
    if (wanted[i] > current[i]) {
      why = "domain " + domains[i].name + " rises";
    } else if (warm < wanted[i] - unplaced(inputs, i)) {
      why = lack;
    } else if (warm < wanted[i]) {
      waits = lack;
    }
  }
  if (why.empty() && waits.empty()) return unchanged(std::move(wanted));
  const auto hold = [&](const std::string& because) {
    return judged("in-flight", wanted, at_least(wanted, current), model::reason::kReplicasInFlight,
                  "nothing is lowered: " + because);
  };
  if (!why.empty()) return hold(why);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    kept[i] = std::max(wanted[i], current[i] - unplaced(inputs, i));
    const Replicas still_waits = unplaced(inputs, i) - (current[i] - kept[i]);
    // Beside what finds no node some start.
    if (domains[i].ready - domains[i].cold < kept[i] - still_waits) return hold(waits);
  }
  return judged("in-flight", wanted, std::move(kept), model::reason::kReplicasInFlight,
                "only replicas that find no node are lowered: " + waits);
}

}  // namespace edgetide::guard
