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

bool too_few(Replicas serving, Replicas asked) { return serving + serving < asked; }

/// So much better off than one that fails that what is ordered there is likely to serve.
bool mostly_serves(const model::DomainObservation& domain) {
  return domain.known && domain.ready > Replicas{0} &&
         4 * domain.ready.count() >= 3 * domain.specified.count();
}

Seconds patience_of(const model::EdgePool& pool) {
  return std::max(pool.redundancy.rebuild_after, pool.lead_time);
}

/// \param most that the domain may hold
bool still_fails(const model::FailingDomain& failing, const model::DomainObservation& domain,
                 Replicas most) {
  return !domain.known || too_few(std::max(failing.served, domain.ready),
                                  std::min({failing.asked, domain.specified, most}));
}

void note_failing(std::optional<model::FailingDomain>& failing,
                  const model::DomainObservation& domain, Replicas most, Instant now) {
  if (!domain.known) return;
  if (failing && !still_fails(*failing, domain, most)) failing.reset();
  if (failing) {
    failing->asked = std::min(failing->asked, domain.specified);
    failing->served = std::max(failing->served, domain.ready);
  } else if (too_few(domain.ready, std::min(domain.specified, most))) {
    failing = {.since = now, .asked = domain.specified, .served = domain.ready};
  }
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

void note_outages(model::PlanMemory& memory, const model::EdgePool& pool,
                  const model::Observation& observation, Instant now) {
  const auto& domains = observation.domains;
  memory.silent_since.resize(domains.size());
  memory.failing.resize(domains.size());
  bool any_takes_over = false;
  for (std::size_t i = 0; i < domains.size(); ++i) {
    auto& since = memory.silent_since[i];
    since = silent(domains[i]) ? since.value_or(now) : std::optional<Instant>{};
    note_failing(memory.failing[i], domains[i], pool.domains[i].max_replicas, now);
    any_takes_over |= !memory.failing[i] && mostly_serves(domains[i]);
  }
  for (auto& failing : memory.failing)
    if (failing && any_takes_over && now - failing->since >= patience_of(pool))
      failing->rebuilt = true;
}

std::vector<model::DomainOutage> outages_of(const model::PlanMemory& memory,
                                            const model::EdgePool& pool,
                                            const model::Observation& observation, Instant now) {
  if (!std::ranges::equal(memory.domains, pool.domains, {}, {}, &model::FailureDomain::name))
    return {};
  const bool any_serves = model::total_ready(observation) > Replicas{0};
  const model::Fleet standing = may_stand(pool, memory, observation);
  const auto failed = [&](std::size_t i) {
    if (i >= memory.failing.size() || !memory.failing[i]) return false;
    const auto& failing = *memory.failing[i];
    return failing.rebuilt &&
           still_fails(failing, observation.domains[i], pool.domains[i].max_replicas);
  };
  const std::size_t noted = std::min(memory.silent_since.size(), observation.domains.size());
  bool others_serve = false;
  for (std::size_t i = 0; i < noted; ++i) {
    const auto& seen = observation.domains[i];
    others_serve |= seen.known && seen.ready > Replicas{0} && !failed(i);
  }
  std::vector<model::DomainOutage> outages;
  for (std::size_t i = 0; i < noted; ++i) {
    const auto& seen = observation.domains[i];
    const auto& since = memory.silent_since[i];
    if (since && silent(seen)) {
      const bool lasted = now - *since >= patience_of(pool) || failed(i);
      outages.push_back(
          {.domain = i, .since = *since, .standing = standing[i], .rebuilt = any_serves && lasted});
    } else if (failed(i) && others_serve && seen.known) {
      outages.push_back({.domain = i,
                         .since = memory.failing[i]->since,
                         .standing = seen.specified,
                         .rebuilt = true,
                         .serving = seen.ready});
    }
  }
  return outages;
}

std::optional<model::EdgePool> without_rebuilt(const model::EdgePool& pool,
                                               const std::vector<model::DomainOutage>& outages) {
  if (std::ranges::none_of(outages, &model::DomainOutage::rebuilt)) return std::nullopt;
  model::EdgePool left = pool;
  for (const auto& outage : outages) {
    auto& most = left.domains[outage.domain].max_replicas;
    if (outage.rebuilt) most = std::min(most, outage.serving);
  }
  left.replicas.max = std::max(Replicas{0}, pool.replicas.max - standing_in_rebuilt(outages));
  return left;
}

std::string silence_of(const model::Observation& observation,
                       const std::vector<model::DomainOutage>& outages) {
  const auto& longest = *std::ranges::min_element(outages, {}, &model::DomainOutage::since);
  const auto& domain = observation.domains[longest.domain];
  if (longest.serving > Replicas{0})
    return "less than half of the " + std::to_string(longest.standing.count()) +
           " replicas of domain " + domain.name + " have served since " + to_string(longest.since);
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
    if (outage.rebuilt) sum += std::max(Replicas{0}, outage.standing - outage.serving);
  }
  return sum;
}

}  // namespace edgetide::planning
