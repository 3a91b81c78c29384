#include "reserve.h"

#include <algorithm>
#include <cmath>

#include "edgetide/sizing/domain_allocation.h"

namespace edgetide::planning {
namespace {

/// Counted by warmth.
model::Fleet ready_fleet(const std::vector<model::DomainReplicas>& domains) {
  model::Fleet ready;
  for (const auto& domain : domains) ready.push_back(domain.warm());
  return ready;
}

/// Wherever they stand.
Replicas warm_of(const model::Observation& observation) {
  Replicas warm{0};
  for (const auto& domain : observation.domains) warm += domain.ready - domain.cold;
  return warm;
}

}  // namespace

Reserve reserve_of(const model::Observation& observation, model::Survive survive,
                   const model::Fleet& limits, Replicas needed) {
  const auto domains = model::failure_domains(observation);
  const model::Fleet ready = ready_fleet(domains);
  const bool spread = model::spread_of(observation) != nullptr;
  const model::Fleet most = spread ? model::Fleet(ready.size(), model::total(limits)) : limits;
  Reserve reserve{.left = model::total(ready), .needed = needed};
  sizing::DomainAllocation whole{.per_domain = ready, .missing = Replicas{0}};
  if (survive == model::Survive::kFailureDomain && !ready.empty()) {
    const auto largest = std::ranges::max_element(ready);
    reserve.left -= *largest;
    reserve.lost = domains[static_cast<std::size_t>(largest - ready.begin())].name;
    whole = sizing::survive_one_domain(needed, most, ready);
  } else if (survive == model::Survive::kNone) {
    reserve.left = warm_of(observation);
    if (!reserve.met() && !ready.empty()) whole.per_domain = model::raised_to(ready, needed, most);
    const Replicas coming = model::total(whole.per_domain) - model::total(ready);
    whole.missing = std::max(Replicas{0}, needed - reserve.left - coming);
  }
  for (std::size_t i = 0; i < ready.size(); ++i) {
    reserve.missing.push_back(whole.per_domain[i] - ready[i]);
  }
  reserve.without_room = whole.missing;
  return reserve;
}

std::vector<Viewers> spare_viewers(const model::PlanReport& report, const Reserve& reserve) {
  const auto domains = model::failure_domains(report.observation);
  std::vector<Viewers> spare(domains.size(), Viewers{0});
  const Replicas ready = model::total_ready(report.observation);
  if (report.sizing.serving == Replicas{0} || reserve.left <= reserve.needed) return spare;
  const double viewers_per_replica = report.sizing.planned.count() / report.sizing.serving.count();
  const double share = static_cast<double>((reserve.left - reserve.needed).count()) / ready.count();
  for (std::size_t i = 0; i < spare.size(); ++i) {
    spare[i] = Viewers{std::floor(domains[i].ready.count() * share * viewers_per_replica)};
  }
  return spare;
}

}  // namespace edgetide::planning
