#include <array>

#include "fleet.h"

namespace edgetide::guard {
namespace {

/// What is not known is not written to.
Guarded unknown_domains(const GuardInputs& inputs, Fleet wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!inputs.observation.domains[i].known) wanted[i] = Replicas{0};
  }
  return {.fleet = std::move(wanted), .verdict = std::nullopt};
}

}  // namespace

GuardedPlan apply_all(const GuardInputs& inputs, Fleet wanted) {
  static constexpr std::array kOrder{&freshness,       &stabilization,    &in_flight,
                                     &rate_limit,      &redundancy_floor, &bounds,
                                     &unknown_domains, &contention};
  GuardedPlan plan{.fleet = std::move(wanted), .verdicts = {}};
  for (const auto guard : kOrder) {
    auto [fleet, verdict] = guard(inputs, std::move(plan.fleet));
    plan.fleet = std::move(fleet);
    if (verdict) plan.verdicts.push_back(std::move(*verdict));
  }
  return plan;
}

}  // namespace edgetide::guard
