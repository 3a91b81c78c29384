#include "reserve.h"

#include <algorithm>
#include <cmath>

#include "edgetide/sizing/domain_allocation.h"

namespace edgetide::planning {
namespace {

/// Counted by warmth.
model::Fleet ready_fleet(const model::Observation& observation) {
  model::Fleet ready;
  for (const auto& domain : observation.domains) ready.push_back(domain.ready - domain.cold);
  return ready;
}

}  // namespace

Reserve reserve_of(const model::Observation& observation, model::Survive survive,
                   const model::Fleet& limits, Replicas needed) {
  const model::Fleet ready = ready_fleet(observation);
  Reserve reserve{.left = model::total(ready), .needed = needed};
  sizing::DomainAllocation whole;
  if (survive == model::Survive::kFailureDomain) {
    const auto largest = std::ranges::max_element(ready);
    reserve.left -= *largest;
    reserve.lost = observation.domains[static_cast<std::size_t>(largest - ready.begin())].name;
    whole = sizing::survive_one_domain(needed, limits, ready);
  } else {
    whole.per_domain = model::raised_to(ready, needed, limits);
    whole.missing = std::max(Replicas{0}, needed - model::total(whole.per_domain));
  }
  for (std::size_t i = 0; i < ready.size(); ++i) {
    reserve.missing.push_back(whole.per_domain[i] - ready[i]);
  }
  reserve.without_room = whole.missing;
  return reserve;
}

std::vector<Viewers> spare_viewers(const model::PlanReport& report, const Reserve& reserve) {
  const auto& domains = report.observation.domains;
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
