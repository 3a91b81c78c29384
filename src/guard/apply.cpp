#include <array>

#include "fleet.h"

namespace edgetide::guard {

Guarded unknown_domains(const GuardInputs& inputs, Fleet wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!inputs.observation.domains[i].known) wanted[i] = Replicas{0};
  }
  return {.fleet = std::move(wanted), .verdict = std::nullopt};
}

std::span<const Guard> all_guards() {
  static constexpr std::array kOrder{Guard{"freshness", &freshness},
                                     Guard{"stabilization", &stabilization},
                                     Guard{"mass-change", &mass_change},
                                     Guard{"rate-limit", &rate_limit},
                                     Guard{"redundancy-floor", &redundancy_floor},
                                     Guard{"in-flight", &in_flight},
                                     Guard{"one-domain-at-a-time", &one_domain_at_a_time},
                                     Guard{"pause", &pause},
                                     Guard{"bounds", &bounds},
                                     Guard{"unknown-domains", &unknown_domains},
                                     Guard{"contention", &contention}};
  return kOrder;
}

GuardedPlan apply(std::span<const Guard> guards, const GuardInputs& inputs, Fleet wanted) {
  GuardedPlan plan{.fleet = std::move(wanted), .verdicts = {}};
  for (const Guard& guard : guards) {
    auto [fleet, verdict] = guard.apply(inputs, std::move(plan.fleet));
    plan.fleet = std::move(fleet);
    if (verdict) plan.verdicts.push_back(std::move(*verdict));
  }
  return plan;
}

}  // namespace edgetide::guard
