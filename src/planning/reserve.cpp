#include "reserve.h"

#include <algorithm>
#include <cmath>

#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/unknown_loads.h"

namespace edgetide::planning {
namespace {

/// Counted by warmth.
model::Fleet ready_fleet(const std::vector<model::DomainReplicas>& domains) {
  model::Fleet ready;
  for (const auto& domain : domains) ready.push_back(domain.warm());
  return ready;
}

/// How many of today's viewers a replica carries within target utilization, by the resource that
/// binds; nothing while it is not known what one takes of a resource.
std::optional<double> viewers_per_replica(const model::CapacityPerReplica& capacity,
                                          const model::DemandReadings& demand) {
  if (!sizing::unknown_loads(capacity, demand).empty()) return std::nullopt;
  const bool watched = demand.viewers.has_value() && demand.viewers.value > 0;
  const Viewers some{watched ? demand.viewers.value : 1};
  std::optional<double> fewest;
  for (const auto& need : sizing::needs_for(some, capacity, demand)) {
    if (!watched && need.resource != model::Resource::kViewers) return std::nullopt;
    if (need.load <= 0) continue;
    const double carried = some.count() * need.usable_capacity / need.load;
    fewest = std::min(fewest.value_or(carried), carried);
  }
  return fewest;
}

}  // namespace

Replicas warm_of(const model::Observation& observation) {
  Replicas warm{0};
  for (const auto& domain : observation.domains) warm += domain.ready - domain.cold;
  return warm;
}

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

std::vector<Viewers> spare_viewers(const model::Observation& observation,
                                   const model::CapacityPerReplica& capacity,
                                   const Reserve& reserve) {
  const auto of_one = viewers_per_replica(capacity, observation.demand);
  if (!of_one) return {};
  const model::Fleet serving = ready_fleet(model::failure_domains(observation));
  std::vector<Viewers> spare(serving.size(), Viewers{0});
  if (reserve.left <= reserve.needed) return spare;
  const double share =
      static_cast<double>((reserve.left - reserve.needed).count()) / model::total(serving).count();
  for (std::size_t i = 0; i < spare.size(); ++i)
    spare[i] = Viewers{std::floor(serving[i].count() * share * *of_one)};
  return spare;
}

}  // namespace edgetide::planning
