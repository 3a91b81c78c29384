#include "outages.h"

#include <algorithm>

#include "edgetide/guard/guard.h"
#include "edgetide/planning/plan.h"
#include "edgetide/sizing/recommender.h"

namespace edgetide::planning {
namespace {

bool silent(const model::DomainObservation& domain) {
  return !domain.known || (domain.specified > Replicas{0} && domain.ready == Replicas{0});
}

}  // namespace

model::Fleet may_stand(const model::EdgePool& pool, const model::PlanMemory& memory,
                       const model::Observation& observation) {
  model::Fleet fleet = guard::specified_fleet(observation);
  if (model::all_domains_known(observation)) return fleet;
  const Replicas fullest = std::ranges::max(fleet);
  const auto limits = model::domain_limits(pool);
  const auto parts =
      model::raised_to(model::Fleet(fleet.size(), Replicas{0}), pool.replicas.max, limits);
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    if (observation.domains[i].known) continue;
    const auto last_seen = i < memory.ordered.size() ? memory.ordered[i] : std::nullopt;
    fleet[i] = last_seen.value_or(std::min(std::max(parts[i], fullest), limits[i]));
  }
  return fleet;
}

void note_silence(model::PlanMemory& memory, const model::Observation& observation, Instant now) {
  memory.silent_since.resize(observation.domains.size());
  for (std::size_t i = 0; i < observation.domains.size(); ++i) {
    auto& since = memory.silent_since[i];
    since = silent(observation.domains[i]) ? since.value_or(now) : std::optional<Instant>{};
  }
}

std::vector<model::DomainOutage> outages_of(const model::PlanMemory& memory,
                                            const model::EdgePool& pool,
                                            const model::Observation& observation, Instant now) {
  if (!std::ranges::equal(memory.domains, pool.domains, {}, {}, &model::FailureDomain::name))
    return {};
  const Seconds patience = std::max(pool.redundancy.rebuild_after, pool.lead_time);
  const bool any_serves = model::total_ready(observation) > Replicas{0};
  const model::Fleet standing = may_stand(pool, memory, observation);
  std::vector<model::DomainOutage> outages;
  const std::size_t noted = std::min(memory.silent_since.size(), observation.domains.size());
  for (std::size_t i = 0; i < noted; ++i) {
    const auto& since = memory.silent_since[i];
    if (!since || !silent(observation.domains[i])) continue;
    outages.push_back({.domain = i,
                       .since = *since,
                       .standing = standing[i],
                       .rebuilt = any_serves && now - *since >= patience});
  }
  return outages;
}

std::optional<model::EdgePool> without_rebuilt(const model::EdgePool& pool,
                                               const std::vector<model::DomainOutage>& outages) {
  if (std::ranges::none_of(outages, &model::DomainOutage::rebuilt)) return std::nullopt;
  model::EdgePool left = pool;
  for (const auto& outage : outages) {
    if (outage.rebuilt) left.domains[outage.domain].max_replicas = Replicas{0};
  }
  left.replicas.max = std::max(Replicas{0}, pool.replicas.max - standing_in_rebuilt(outages));
  return left;
}

std::string silence_of(const model::Observation& observation,
                       const std::vector<model::DomainOutage>& outages) {
  const auto& longest = *std::ranges::min_element(outages, {}, &model::DomainOutage::since);
  const auto& domain = observation.domains[longest.domain];
  return (domain.known ? "nothing of domain " + domain.name + " has served since "
                       : "domain " + domain.name + " has not been read since ") +
         to_string(longest.since);
}

bool enough_without_loss(const model::PlanReport& report, const model::EdgePool& pool,
                         Replicas minimum) {
  if (std::ranges::none_of(report.outages, &model::DomainOutage::rebuilt)) return false;
  const auto whole = sizing::recommend(
      {.planned = report.sizing.planned,
       .after_loss = report.sizing.planned_after_loss,
       .minimum = minimum,
       .drawn = report.drawn ? std::optional(report.drawn->total()) : std::nullopt},
      pool, report.observation);
  return whole && whole->missing == Replicas{0};
}

Replicas standing_in_rebuilt(const std::vector<model::DomainOutage>& outages) {
  Replicas sum{0};
  for (const auto& outage : outages) {
    if (outage.rebuilt) sum += outage.standing;
  }
  return sum;
}

}  // namespace edgetide::planning
