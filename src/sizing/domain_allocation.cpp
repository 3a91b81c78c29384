#include "edgetide/sizing/domain_allocation.h"

#include <algorithm>

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

}  // namespace

DomainAllocation survive_one_domain(Replicas survivors, DomainLimits limits) {
  return survive_one_domain(survivors, limits, model::Fleet(limits.size(), Replicas{0}));
}

DomainAllocation survive_one_domain(Replicas survivors, DomainLimits limits,
                                    std::span<const Replicas> standing) {
  const int largest = standing.empty() ? 0 : std::ranges::max(standing).count();
  const auto sizes = model::at_least({limits.begin(), limits.end()}, standing);
  const auto [level, reached] = lowest_level(survivors.count(), largest, sizes);

  model::Fleet filled = sizes;
  for (Replicas& size : filled) size = std::min(size, Replicas{level});
  // A level that brings more than was asked for is not filled to the brim.
  const auto kept = std::min<long>(reached, survivors.count());
  return {
      .per_domain = model::raised_to(standing, Replicas{static_cast<int>(kept) + level}, filled),
      .missing = Replicas{static_cast<int>(survivors.count() - kept)}};
}

DomainAllocation spread(Replicas replicas, DomainLimits limits) {
  DomainAllocation allocation;
  const model::Fleet nothing(limits.size(), Replicas{0});
  allocation.per_domain = model::raised_to(nothing, replicas, limits);
  allocation.missing = replicas - model::total(allocation.per_domain);
  return allocation;
}

}  // namespace edgetide::sizing
