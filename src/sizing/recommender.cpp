#include "edgetide/sizing/recommender.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/new_connections.h"

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
model::ResourceNeeds needs_of(const Wanted& wanted, const std::optional<model::ResourceNeed>& drawn,
                              const model::EdgePool& pool, const model::DemandReadings& demand) {
  const NewConnections coming{.of_arrivals = model::handshakes_of(wanted.arriving, pool),
                              .of_reconnects = {}};
  auto needs = needs_for(wanted.planned, pool.capacity, demand, coming);
  if (!drawn) return needs;
  const auto own = std::ranges::find(needs, drawn->resource, &model::ResourceNeed::resource);
  if (own == needs.end()) {
    needs.push_back(*drawn);
  } else if (own->load < drawn->load) {
    *own = *drawn;
  }
  return needs;
}

bool has_need(const model::ResourceNeeds& needs, model::Resource resource) {
  return std::ranges::find(needs, resource, &model::ResourceNeed::resource) != needs.end();
}

/// A fleet within the limits, and how many were needed without any.
struct Placed {
  DomainAllocation allocation;
  Replicas with_redundancy;
};

Placed place(const Goal& goal, const model::EdgePool& pool, const model::Observation& observation) {
  const auto limits = model::domain_limits(pool);
  const auto survive = pool.redundancy.survive;
  if (pool.topology_key.empty())
    return {allocate(goal, survive, limits), unlimited_total(goal, survive, limits)};
  const auto [total, missing] = spread_total(goal, survive, observation);
  Placed placed{spread(total, limits), total};
  placed.allocation.missing = std::max(placed.allocation.missing, missing);
  return placed;
}

/// The share of the fullest domain were the others filled to the same level, as far as their limits
/// allow: no larger fleet has one with less.
Ratio brimful_share(const model::Fleet& fleet, DomainLimits limits) {
  model::Fleet brimful;
  for (const Replicas most : limits) brimful.push_back(std::min(most, std::ranges::max(fleet)));
  return fullest_share(brimful);
}

/// What is to be left after the loss.
struct AfterLoss {
  Replicas carrying;  ///< Spare ones aside.
  HandshakesPerSecond of_reconnects;
  Placed placed;  ///< The fleet that leaves them.
};

/// Those who come back are as many as the fullest domain has, and how full that is depends on how
/// many are to be left, on limits and on what does not come out even: the fewest that are enough.
AfterLoss after_loss_of(const Wanted& wanted, Replicas serving, Replicas drawn,
                        const model::EdgePool& pool, const model::Observation& observation,
                        Ratio least_lost) {
  AfterLoss after;
  const auto carrying_without = [&](Ratio lost) {
    if (pool.redundancy.survive == model::Survive::kNone) return serving;
    after.of_reconnects = reconnects_of(lost, wanted.after_loss, pool);
    const NewConnections coming{
        .of_arrivals = model::handshakes_of(wanted.arriving_after_loss, pool),
        .of_reconnects = after.of_reconnects};
    const auto own = replicas_needed(wanted.after_loss, pool.capacity, observation.demand, coming);
    return std::max(own.value_or(drawn), drawn);
  };
  const auto place_anew = [&](Replicas carrying) {
    const Replicas spare = pool.redundancy.spare;
    after.carrying = carrying;
    after.placed =
        place({.whole = serving + spare, .survivors = carrying + spare}, pool, observation);
  };
  place_anew(carrying_without(least_lost));
  while (least_lost > Ratio{0} && pool.topology_key.empty()) {
    const auto& [fleet, missing] = after.placed.allocation;
    const Ratio lost = std::max(least_lost, fullest_share(fleet));
    const Replicas needed = carrying_without(lost);
    if (needed <= after.carrying) break;
    if (missing > Replicas{0}) {
      place_anew(needed);
      break;
    }
    place_anew(std::max(after.carrying + Replicas{1},
                        carrying_without(brimful_share(fleet, model::domain_limits(pool)))));
  }
  return after;
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
                       .needs = needs_of(wanted, drawn, pool, demand)};
  if (sizing.needs.empty()) return std::nullopt;
  const auto& binding = *std::ranges::max_element(sizing.needs, {}, &model::ResourceNeed::replicas);
  sizing.binding = binding.resource;
  sizing.serving = binding.replicas;

  const bool handshakes = has_need(sizing.needs, model::Resource::kHandshakes);
  const Ratio lost = loses && handshakes ? least_fullest_share(pool, observation) : Ratio{0};
  auto [carrying, of_reconnects, placed] = after_loss_of(
      wanted, sizing.serving, drawn ? drawn->replicas : Replicas{0}, pool, observation, lost);
  auto& [allocation, with_redundancy] = placed;
  sizing.survivors = carrying + pool.redundancy.spare;
  sizing.with_redundancy = with_redundancy;
  sizing.missing = allocation.missing;
  if (handshakes) sizing.of_arrivals = model::handshakes_of(wanted.arriving, pool);
  sizing.of_reconnects = of_reconnects;

  const auto limits = model::domain_limits(pool);
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
