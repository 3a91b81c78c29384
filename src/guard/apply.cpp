#include <array>

#include "fleet.h"

namespace edgetide::guard {

std::span<const Guard> all_guards() {
  static constexpr std::array kOrder{Guard{"freshness", &freshness},
                                     Guard{"sudden-fall", &sudden_fall},
                                     Guard{"stabilization", &stabilization},
                                     Guard{"dead-band", &dead_band},
                                     Guard{"mass-change", &mass_change},
                                     Guard{"rate-limit", &rate_limit},
                                     Guard{"pacing", &pacing},
                                     Guard{"redundancy-floor", &redundancy_floor},
                                     Guard{"one-domain-at-a-time", &one_domain_at_a_time},
                                     Guard{"in-flight", &in_flight},
                                     Guard{"pause", &pause},
                                     Guard{"bounds", &bounds},
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
