#include "edgetide/sizing/recommender.h"

#include <algorithm>

#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/domain_allocation.h"

namespace edgetide::sizing {
namespace {

/// A fleet that survives what the policy names, within the limits. Where no fleet can, one that at
/// least serves while nothing is lost.
DomainAllocation allocate(Replicas survivors, model::Survive survive, DomainLimits limits) {
  if (survive == model::Survive::kNone) return spread(survivors, limits);
  auto allocation = survive_one_domain(survivors, limits);
  if (allocation.missing == Replicas{0}) return allocation;
  auto serving = spread(survivors, limits);
  if (model::total(serving.per_domain) > model::total(allocation.per_domain)) {
    allocation.per_domain = std::move(serving.per_domain);
  }
  return allocation;
}

/// The same were there no limits but those that leave a domain empty: what is needed, whatever can
/// be had. One domain of d takes ceil(n / (d - 1)) with it when n are to survive; a lone domain
/// survives nothing.
Replicas unlimited_total(Replicas survivors, model::Survive survive, DomainLimits limits) {
  const auto domains =
      std::ranges::count_if(limits, [](Replicas most) { return most > Replicas{0}; });
  if (survive == model::Survive::kNone || domains < 2) return survivors;
  const int others = static_cast<int>(domains) - 1;
  return survivors + Replicas{(survivors.count() + others - 1) / others};
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

}  // namespace

Replicas survivors_for(const model::Sizing& sizing, const model::EdgePool& pool) {
  return sizing.serving + pool.redundancy.spare;
}

std::optional<model::Sizing> recommend(Viewers planned, const model::EdgePool& pool,
                                       const model::DemandReadings& demand, Replicas minimum,
                                       std::optional<BitsPerSecond> drawn) {
  model::Sizing sizing{.planned = planned};
  sizing.needs = needs_for(planned, pool.capacity, demand);
  if (drawn) plan_for_drawn(sizing.needs, *drawn, pool.capacity);
  if (sizing.needs.empty()) return std::nullopt;
  const auto binding = std::ranges::max_element(sizing.needs, {}, &model::ResourceNeed::replicas);
  sizing.binding = binding->resource;
  sizing.serving = binding->replicas;

  const auto limits = model::domain_limits(pool);
  const auto survive = pool.redundancy.survive;
  const Replicas survivors = survivors_for(sizing, pool);
  auto allocation = allocate(survivors, survive, limits);
  sizing.with_redundancy = unlimited_total(survivors, survive, limits);
  sizing.missing = allocation.missing;

  minimum = std::min(minimum, pool.replicas.max);
  if (model::total(allocation.per_domain) < minimum) {
    allocation.per_domain = model::raised_to(allocation.per_domain, minimum, limits);
    sizing.with_redundancy = std::max(sizing.with_redundancy, minimum);
    sizing.missing = std::max(sizing.missing, minimum - model::total(allocation.per_domain));
    sizing.basis = model::SizingBasis::kMinimum;
  }
  if (const Replicas wanted = model::total(allocation.per_domain); wanted > pool.replicas.max) {
    allocation.per_domain = spread(pool.replicas.max, limits).per_domain;
    sizing.missing += wanted - pool.replicas.max;
  }
  sizing.per_domain = std::move(allocation.per_domain);
  return sizing;
}

}  // namespace edgetide::sizing
