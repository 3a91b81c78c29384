#include "edgetide/sizing/domain_allocation.h"

#include <algorithm>
#include <utility>

namespace edgetide::sizing {
namespace {

/// A level, and what is left of a fleet filled to it when one full domain is lost.
struct Level {
  int level = 0;
  long survivors = 0;
};

/// The lowest level, `from` or above, at which `wanted` survive; or the highest that helps. Beyond
/// the second largest of `sizes` only one domain grows, and what it gains it may lose.
Level lowest_level(long wanted, int from, model::Fleet sizes) {
  std::ranges::sort(sizes);
  const long domains = std::ssize(sizes);
  Level reached{.level = from, .survivors = -from};
  for (const Replicas size : sizes) reached.survivors += std::min(size.count(), from);
  for (long full = 0; full < domains - 1 && reached.survivors < wanted; ++full) {
    const int size = sizes[static_cast<std::size_t>(full)].count();
    if (size <= reached.level) continue;
    const long growing = domains - full - 1;  // the last one grows as much as it may lose
    const long steps =
        std::min<long>(size - reached.level, (wanted - reached.survivors + growing - 1) / growing);
    reached.level += static_cast<int>(steps);
    reached.survivors += steps * growing;
  }
  return reached;
}

/// The lowest level to which `others` have to be raised, each of them, so that together they hold
/// `wanted`.
long level_that_holds(long wanted, model::Fleet others) {
  std::ranges::sort(others);
  long above = model::total(others).count();
  long level = 0;
  for (long raised = 1; raised <= std::ssize(others); ++raised) {
    above -= others[static_cast<std::size_t>(raised - 1)].count();
    level = std::max(0L, (wanted - above + raised - 1) / raised);
    if (raised == std::ssize(others) || level <= others[static_cast<std::size_t>(raised)].count())
      break;
  }
  return level;
}

}  // namespace

DomainAllocation survive_one_domain(Replicas survivors, DomainLimits limits) {
  return survive_one_domain(survivors, limits, model::Fleet(limits.size(), Replicas{0}));
}

DomainAllocation survive_one_domain(Replicas survivors, DomainLimits limits,
                                    model::Fleet standing) {
  const int largest = standing.empty() ? 0 : std::ranges::max(standing).count();
  auto filled = model::at_least({limits.begin(), limits.end()}, standing);
  const auto [level, reached] = lowest_level(survivors.count(), largest, filled);
  for (Replicas& size : filled) size = std::min(size, Replicas{level});
  // A level that brings more than was asked for is not filled to the brim.
  const auto kept = std::min<long>(reached, survivors.count());
  return {.per_domain = model::raised_to(std::move(standing),
                                         Replicas{static_cast<int>(kept) + level}, filled),
          .missing = Replicas{static_cast<int>(survivors.count() - kept)}};
}

Replicas survive_by_scheduler(Replicas survivors, std::span<const Replicas> standing,
                              std::optional<int> max_skew) {
  const auto fullest = std::ranges::max_element(standing);
  const long wanted = survivors.count();
  if (wanted == 0) return Replicas{0};
  const long placed = model::total(standing).count();
  const long safe_to_keep = wanted + fullest->count();
  if (safe_to_keep <= placed) return Replicas{static_cast<int>(safe_to_keep)};
  if (!max_skew) {
    const long others = std::ssize(standing) - 1;
    const long even = wanted + (wanted + others - 1) / others;
    return Replicas{static_cast<int>(std::max(even, placed))};
  }
  model::Fleet others;
  for (auto other = standing.begin(); other != standing.end(); ++other)
    if (other != fullest) others.push_back(*other);
  const long level = level_that_holds(wanted, std::move(others));
  const long largest = std::max<long>(fullest->count(), level + *max_skew - 1);
  return Replicas{static_cast<int>(wanted + largest)};
}

DomainAllocation spread(Replicas replicas, DomainLimits limits) {
  DomainAllocation allocation;
  allocation.per_domain =
      model::raised_to(model::Fleet(limits.size(), Replicas{0}), replicas, limits);
  allocation.missing = replicas - model::total(allocation.per_domain);
  return allocation;
}

}  // namespace edgetide::sizing
