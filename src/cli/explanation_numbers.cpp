#include "cli/explanation_numbers.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>

#include "edgetide/core/grouped.h"
#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/recommender.h"
#include "report/text_report.h"
#include "report/time_text.h"

namespace edgetide::cli {
namespace {

using kube::PoolStatus;
using report::time_until;

/// More replicas than any domain is asked for: no limit.
constexpr Replicas kNoLimit{1'000'000};

std::string percent(double share) {
  return json::number_text(std::round(1e5 * share) / 1e3) + " %";
}

/// What one replica is declared to carry of the resource that runs out first.
struct Capacity {
  double declared = 0;
  std::string unit;
};

template <typename Quantity>
std::optional<Capacity> capacity_of(const std::optional<Quantity>& declared, const char* unit) {
  if (!declared) return std::nullopt;
  return Capacity{static_cast<double>(declared->count()), unit};
}

std::optional<Capacity> binding_capacity(const PoolStatus& status, const model::EdgePool& pool) {
  const auto& [viewers, egress, requests, connections, handshakes, utilization] = pool.capacity;
  const std::string& binding = status.sizing.binding;
  if (binding == "viewers") return capacity_of(viewers, "viewers");
  if (binding == "egress") return capacity_of(egress, "bit/s");
  if (binding == "requests") return capacity_of(requests, "requests/s");
  if (binding == "connections") return capacity_of(connections, "connections");
  if (binding == "handshakes") return capacity_of(handshakes, "handshakes/s");
  return std::nullopt;
}

double usable_of(const Capacity& capacity, const model::EdgePool& pool) {
  return capacity.declared * pool.capacity.target_utilization.count();
}

/// How many viewers fill one replica, where that alone led to the size that was decided: with
/// egress by the measured bitrate.
std::optional<double> viewers_per_replica(const PoolStatus& status, const model::EdgePool& pool,
                                          bool drawn) {
  const auto capacity = binding_capacity(status, pool);
  const auto& [planned, serving] = std::tie(status.sizing.planned, status.sizing.serving);
  const std::string& binding = status.sizing.binding;
  if (!capacity || !planned || !serving) return std::nullopt;
  const double usable = usable_of(*capacity, pool);
  if (binding == "viewers") return usable;
  const auto& bitrate = status.record.bitrate;
  if (binding != "egress" || !bitrate || bitrate->count() <= 0 || drawn) return std::nullopt;
  const double viewers = usable / bitrate->count();
  const bool told = sizing::replicas_for(planned->count(), viewers) == *serving;
  return told ? std::optional(viewers) : std::nullopt;
}

bool survives_a_loss(const PoolStatus& status, const model::EdgePool& pool) {
  return pool.redundancy.survive == model::Survive::kFailureDomain && status.domains.size() > 1;
}

/// What has to run so that `whole` do and `survivors` are left after the loss, had the failure
/// domains no limits.
Replicas with_redundancy(Replicas whole, Replicas survivors, const PoolStatus& status,
                         const model::EdgePool& pool) {
  const Replicas unlost = std::max(whole, survivors);
  if (!survives_a_loss(status, pool)) return unlost;
  const model::Fleet limits(status.domains.size(), kNoLimit);
  return std::max(unlost, model::total(sizing::survive_one_domain(survivors, limits).per_domain));
}

/// Of the last decision.
Replicas with_redundancy(const PoolStatus& status, const model::EdgePool& pool) {
  const Replicas whole = status.sizing.serving.value_or(Replicas{0}) + pool.redundancy.spare;
  return with_redundancy(whole, status.sizing.survivors.value_or(whole), status, pool);
}

/// The pool as its limits are judged: of one workload with a target in each failure domain that it
/// was seen in, and where there is no second domain, with no promise of a loss.
model::EdgePool as_judged(const PoolStatus& status, model::EdgePool pool) {
  const bool spread = !std::exchange(pool.topology_key, "").empty();
  if (!survives_a_loss(status, pool)) {
    pool.redundancy.survive = model::Survive::kNone;
    return pool;
  }
  if (!spread) return pool;
  pool.domains.clear();
  for (const PoolStatus::Domain& domain : status.domains)
    pool.domains.push_back(
        {.name = domain.name, .target = {}, .max_replicas = kNoLimit, .nodes = {}});
  return pool;
}

/// The most viewers that a fleet within the limits carries after the loss that must be survived.
Viewers most_viewers(const PoolStatus& status, const model::EdgePool& of_status,
                     double viewers_per_replica) {
  const model::EdgePool pool = as_judged(status, of_status);
  const auto fits = [&](int serving) {
    const Viewers planned{serving * viewers_per_replica};
    const model::Observation observed{
        .demand = {.viewers = {.freshness = model::Freshness::kFresh, .value = planned.count()},
                   .bitrate = status.record.bitrate}};
    const auto sized =
        sizing::recommend({.planned = planned, .after_loss = planned}, pool, observed);
    return sized && sized->missing == Replicas{0};
  };
  int low = 0;
  int high = pool.replicas.max.count();
  while (low < high) {
    const int middle = low + (high - low + 1) / 2;
    if (fits(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Viewers{low * viewers_per_replica};
}

void add_replicas(std::vector<Explanation::Number>& numbers, Replicas value, std::string meaning) {
  numbers.push_back({static_cast<double>(value.count()), "replicas", std::move(meaning)});
}

void add_loss(std::vector<Explanation::Number>& numbers, const PoolStatus& status,
              const model::EdgePool& pool) {
  if (const auto& left = status.sizing.planned_after_loss)
    numbers.push_back({left->count(), "viewers",
                       "left to carry after a loss: " + percent(pool.redundancy.confidence) +
                           " of such windows stay below (spec.redundancy.confidencePercent)"});
  const auto& back = status.sizing.of_reconnects;
  if (back)
    numbers.push_back({back->count(), "handshakes/s",
                       "more when the viewers of what is lost come to the others "
                       "(spec.redundancy.reconnectSeconds)"});
  if (status.sizing.survivors)
    add_replicas(numbers, *status.sizing.survivors,
                 back ? "carry both, by what runs out first, and are to be left"
                      : "carry these, and are to be left");
  const std::string domains = std::to_string(status.domains.size()) + " failure domains is lost";
  add_replicas(numbers, with_redundancy(status, pool),
               "so that they are when the fullest of " + domains +
                   (pool.topology_key.empty()
                        ? ""
                        : ", spread evenly; an uneven spread takes more (spec.topologyKey)"));
}

}  // namespace

std::vector<Explanation::Number> numbers_of(const PoolStatus& status, const model::EdgePool& pool,
                                            Instant now) {
  std::vector<Explanation::Number> numbers;
  const auto viewers = [&](const std::optional<Viewers>& value, std::string meaning) {
    if (value) numbers.push_back({value->count(), "viewers", std::move(meaning)});
  };
  const auto& [stage, peak, median, at, event] = status.forecast;
  viewers(status.demand.viewers, "watch now");
  const std::string when =
      at ? ", at " + clock_text(*at) + " (" + (*at > now ? "in " : "") + time_until(*at, now) + ")"
         : "";
  viewers(median, "the peak to come, as likely more as less" + when);
  viewers(peak, "the peak that " + percent(pool.confidence) +
                    " of such windows stay below (spec.forecast.confidencePercent)");
  const auto& serving = status.sizing.serving;
  // Nothing is planned for where nobody knows how many watch: not the same as for nobody.
  const bool counted = status.demand.viewers || status.sizing.planned > Viewers{0};
  if (counted) viewers(status.sizing.planned, "planned for, by " + status.sizing.basis);
  if (!serving || (!counted && *serving == Replicas{0})) return numbers;
  if (const auto capacity = binding_capacity(status, pool)) {
    numbers.push_back({usable_of(*capacity, pool), capacity->unit,
                       "a replica takes: " + percent(pool.capacity.target_utilization.count()) +
                           " of " + grouped(capacity->declared) + " (spec.capacity)"});
  }
  const std::string& binding = status.sizing.binding;
  const auto& bitrate = status.record.bitrate;
  if (binding == "egress" && bitrate)
    numbers.push_back({bitrate->count(), "bit/s", "a viewer takes, at least"});
  if (const auto& opened = status.sizing.of_arrivals)
    numbers.push_back({opened->count(), "handshakes/s",
                       "opened by viewers who arrive, where they do fastest "
                       "(spec.demand.handshakesPerArrival)"});
  add_replicas(numbers, *serving,
               "carry them, by " + binding + ", which " + (binding == "egress" ? "runs" : "run") +
                   " out first");
  if (pool.redundancy.spare > Replicas{0})
    add_replicas(numbers, *serving + pool.redundancy.spare, "with spec.redundancy.spareReplicas");
  if (survives_a_loss(status, pool)) add_loss(numbers, status, pool);
  if (status.sizing.basis == "Minimum")
    add_replicas(numbers, pool.replicas.min, "at least (spec.replicas.min)");
  return numbers;
}

std::vector<std::string> thresholds_of(const PoolStatus& status, const model::EdgePool& pool,
                                       bool drawn) {
  std::vector<std::string> thresholds;
  const auto per_replica = viewers_per_replica(status, pool, drawn);
  if (!per_replica) return thresholds;
  const int serving = status.sizing.serving->count();
  if (status.sizing.basis != "Minimum" && serving > 0) {
    thresholds.push_back("demand: above " + grouped(std::floor(serving * *per_replica)) +
                         " planned viewers one more replica has to serve, from " +
                         grouped(std::floor((serving - 1) * *per_replica)) + " down one fewer");
  }
  const auto& [stage, peak, median, at, event] = status.forecast;
  if (median && peak && *median < *peak) {
    const Replicas whole =
        sizing::replicas_for(median->count(), *per_replica) + pool.redundancy.spare;
    const Replicas at_median = with_redundancy(whole, whole, status, pool);
    const Replicas decided = with_redundancy(status, pool);
    if (at_median < decided)
      thresholds.push_back(
          "spec.forecast.confidencePercent: half of the windows would be served with " +
          std::to_string(at_median.count()) + " replica" + (at_median == Replicas{1} ? "" : "s") +
          " rather than " + std::to_string(decided.count()));
  }
  thresholds.push_back("limits: " + grouped(most_viewers(status, pool, *per_replica).count()) +
                       " planned viewers are the most that spec.replicas.max " +
                       std::to_string(pool.replicas.max.count()) +
                       (pool.topology_key.empty() ? " and the domains' maxReplicas let be carried"
                                                  : " lets be carried, spread evenly"));
  return thresholds;
}

}  // namespace edgetide::cli
