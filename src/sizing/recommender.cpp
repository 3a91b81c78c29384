#include "edgetide/sizing/recommender.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/domain_allocation.h"

namespace edgetide::sizing {
namespace {

/// What one allocation has to come to.
struct Goal {
  Replicas whole;      ///< While nothing is lost,
  Replicas survivors;  ///< and after the loss.
};

/// A fleet that survives what the policy names, within the limits. Where no fleet can, one that at
/// least serves while nothing is lost.
DomainAllocation allocate(const Goal& goal, model::Survive survive, DomainLimits limits) {
  if (survive == model::Survive::kNone) return spread(goal.whole, limits);
  auto allocation = survive_one_domain(goal.survivors, limits);
  const Replicas least =
      allocation.missing == Replicas{0} ? goal.whole : std::max(goal.whole, goal.survivors);
  const Replicas placed = model::total(allocation.per_domain);
  if (placed >= least) return allocation;
  allocation.per_domain = model::raised_to(std::move(allocation.per_domain), least, limits);
  allocation.missing = std::max(allocation.missing, least - model::total(allocation.per_domain));
  return allocation;
}

/// The same were there no limits but those that leave a domain empty: what is needed, whatever can
/// be had. One domain of d takes ceil(n / (d - 1)) with it when n are to survive; a lone domain
/// survives nothing.
Replicas unlimited_total(const Goal& goal, model::Survive survive, DomainLimits limits) {
  const auto domains =
      std::ranges::count_if(limits, [](Replicas most) { return most > Replicas{0}; });
  const Replicas unlost = std::max(goal.whole, goal.survivors);
  if (survive == model::Survive::kNone || domains < 2) return unlost;
  const int others = static_cast<int>(domains) - 1;
  return std::max(unlost,
                  goal.survivors + Replicas{(goal.survivors.count() + others - 1) / others});
}

/// What of one workload has to run, spread as it is and will be, and survivors that no number of
/// them brings.
struct SpreadTotal {
  Replicas total;
  Replicas missing;
};

SpreadTotal spread_total(const Goal& goal, model::Survive survive,
                         const model::Observation& observation) {
  const Replicas unlost = std::max(goal.whole, goal.survivors);
  const model::Spread* spread = model::spread_of(observation);
  const bool known = spread != nullptr && spread->unknown.empty();
  if (survive == model::Survive::kNone || !known) return {unlost, Replicas{0}};
  // Until the reserve is there, or there again, nothing of what was ordered is too much.
  const Replicas ordered = observation.domains.front().specified;
  if (spread->domains.size() < 2) return {std::max(unlost, ordered), goal.survivors};
  model::Fleet standing;
  for (const auto& domain : spread->domains) standing.push_back(domain.ready + domain.starting);
  Replicas total = survive_by_scheduler(goal.survivors, standing, spread->max_skew);
  const bool survives = model::total(standing) - std::ranges::max(standing) >= goal.survivors;
  if (!survives) total = std::max(total, ordered);
  return {std::max(goal.whole, total), Replicas{0}};
}

/// Of what others will fetch; nothing without any, or where replicas have no capacity of egress.
std::optional<model::ResourceNeed> drawn_need(const Wanted& wanted,
                                              const model::CapacityPerReplica& capacity) {
  if (!wanted.drawn || !capacity.egress) return std::nullopt;
  const double usable = capacity.egress->count() * capacity.target_utilization.count();
  return model::ResourceNeed{.resource = model::Resource::kEgress,
                             .load = wanted.drawn->count(),
                             .usable_capacity = usable,
                             .replicas = replicas_for(wanted.drawn->count(), usable)};
}

/// What carrying the planned viewers asks for, by resource; egress no less than what others fetch.
std::vector<model::ResourceNeed> needs_of(const Wanted& wanted,
                                          const std::optional<model::ResourceNeed>& drawn,
                                          const model::CapacityPerReplica& capacity,
                                          const model::DemandReadings& demand) {
  auto needs = needs_for(wanted.planned, capacity, demand);
  if (!drawn) return needs;
  const auto own = std::ranges::find(needs, drawn->resource, &model::ResourceNeed::resource);
  if (own == needs.end()) {
    needs.push_back(*drawn);
  } else if (own->load < drawn->load) {
    *own = *drawn;
  }
  return needs;
}

}  // namespace

bool is_lone_domain(const model::EdgePool& pool, const model::Observation& observation) {
  if (pool.topology_key.empty()) return pool.domains.size() < 2;
  const model::Spread* spread = model::spread_of(observation);
  return spread != nullptr && spread->unknown.empty() && spread->domains.size() < 2;
}

std::optional<model::Sizing> recommend(const Wanted& wanted, const model::EdgePool& pool,
                                       const model::Observation& observation) {
  const auto& demand = observation.demand;
  const bool loses = pool.redundancy.survive == model::Survive::kFailureDomain;
  const auto drawn = drawn_need(wanted, pool.capacity);
  model::Sizing sizing{.planned = wanted.planned,
                       .planned_after_loss = loses ? wanted.after_loss : wanted.planned,
                       .needs = needs_of(wanted, drawn, pool.capacity, demand)};
  if (sizing.needs.empty()) return std::nullopt;
  const auto& binding = *std::ranges::max_element(sizing.needs, {}, &model::ResourceNeed::replicas);
  sizing.binding = binding.resource;
  sizing.serving = sizing.survivors = binding.replicas;
  if (sizing.planned_after_loss != sizing.planned) {
    const auto own = replicas_needed(sizing.planned_after_loss, pool.capacity, demand);
    const auto least = drawn ? drawn->replicas : Replicas{0};
    sizing.survivors = std::max(own.value_or(least), least);
  }
  sizing.survivors += pool.redundancy.spare;

  const auto limits = model::domain_limits(pool);
  const auto survive = pool.redundancy.survive;
  const Goal goal{.whole = sizing.serving + pool.redundancy.spare, .survivors = sizing.survivors};
  DomainAllocation allocation;
  if (pool.topology_key.empty()) {
    allocation = allocate(goal, survive, limits);
    sizing.with_redundancy = unlimited_total(goal, survive, limits);
  } else {
    const auto [total, missing] = spread_total(goal, survive, observation);
    allocation = spread(total, limits);
    allocation.missing = std::max(allocation.missing, missing);
    sizing.with_redundancy = total;
  }
  sizing.missing = allocation.missing;

  const Replicas minimum = std::min(wanted.minimum, pool.replicas.max);
  if (model::total(allocation.per_domain) < minimum) {
    allocation.per_domain = model::raised_to(std::move(allocation.per_domain), minimum, limits);
    sizing.with_redundancy = std::max(sizing.with_redundancy, minimum);
    sizing.missing = std::max(sizing.missing, minimum - model::total(allocation.per_domain));
    sizing.basis = model::SizingBasis::kMinimum;
  }
  if (const Replicas total = model::total(allocation.per_domain); total > pool.replicas.max) {
    allocation.per_domain = spread(pool.replicas.max, limits).per_domain;
    sizing.missing += total - pool.replicas.max;
  }
  sizing.per_domain = std::move(allocation.per_domain);
  return sizing;
}

}  // namespace edgetide::sizing
