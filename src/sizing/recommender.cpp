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
  allocation.per_domain = model::raised_to(allocation.per_domain, least, limits);
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

/// Egress no less than what others will fetch, where replicas have a capacity of it.
void plan_for_drawn(std::vector<model::ResourceNeed>& needs, BitsPerSecond drawn,
                    const model::CapacityPerReplica& capacity) {
  if (!capacity.egress) return;
  const double usable = capacity.egress->count() * capacity.target_utilization.count();
  const model::ResourceNeed need{.resource = model::Resource::kEgress,
                                 .load = drawn.count(),
                                 .usable_capacity = usable,
                                 .replicas = replicas_for(drawn.count(), usable)};
  const auto own = std::ranges::find(needs, need.resource, &model::ResourceNeed::resource);
  if (own == needs.end()) {
    needs.push_back(need);
  } else if (own->load < need.load) {
    *own = need;
  }
}

/// What carrying so many viewers asks for, by resource.
std::vector<model::ResourceNeed> needs_of(Viewers viewers, const Wanted& wanted,
                                          const model::EdgePool& pool,
                                          const model::DemandReadings& demand) {
  auto needs = needs_for(viewers, pool.capacity, demand);
  if (wanted.drawn) plan_for_drawn(needs, *wanted.drawn, pool.capacity);
  return needs;
}

const model::ResourceNeed& binding_of(const std::vector<model::ResourceNeed>& needs) {
  return *std::ranges::max_element(needs, {}, &model::ResourceNeed::replicas);
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
  model::Sizing sizing{.planned = wanted.planned,
                       .planned_after_loss = loses ? wanted.after_loss : wanted.planned,
                       .needs = needs_of(wanted.planned, wanted, pool, demand)};
  if (sizing.needs.empty()) return std::nullopt;
  sizing.binding = binding_of(sizing.needs).resource;
  sizing.serving = sizing.survivors = binding_of(sizing.needs).replicas;
  if (sizing.planned_after_loss != sizing.planned) {
    sizing.survivors =
        binding_of(needs_of(sizing.planned_after_loss, wanted, pool, demand)).replicas;
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
    allocation.per_domain = model::raised_to(allocation.per_domain, minimum, limits);
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
