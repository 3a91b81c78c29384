#pragma once

#include <span>
#include <vector>

#include "edgetide/core/quantity.h"

namespace edgetide::sizing {

/// The most replicas each failure domain can hold, in the caller's order.
using DomainLimits = std::span<const Replicas>;

/// How many replicas to run in each failure domain, in the order of the limits.
struct DomainAllocation {
  std::vector<Replicas> per_domain;
  /// Survivors still missing after the worst loss; zero when the guarantee holds.
  Replicas missing;
};

/// The fewest replicas that leave at least `survivors` after the loss of any one domain.
///
/// *Level*: the size of the largest domain, and so the most that one failure can take. A fleet of
/// n + level replicas keeps n of them whichever domain is lost, as long as no domain is above the
/// level. A higher level costs one replica each, so the lowest feasible level is the cheapest.
///
///   limits 10, 10, 4   survivors 12
///   level 8:  8 + 8 + 4 = 20 = 12 + 8   feasible, and level 7 is not: 7 + 7 + 4 = 18 < 19
///
/// Even as the limits allow: no domain could give a replica to a smaller one that has room.
/// With limits too small, fills what survives best and says in `missing` how much is not there.
///
/// \pre survivors and limits are not negative.
/// \note O(d log l) for d domains and a largest limit of l.
[[nodiscard]] DomainAllocation survive_one_domain(Replicas survivors, DomainLimits limits);

/// `replicas` over the domains as evenly as their limits allow, earlier domains first where it does
/// not come out even; what finds no room is in `missing`.
///
///   limits 10, 10, 2   replicas 9   ->   4, 3, 2
///
/// \pre replicas and limits are not negative.
[[nodiscard]] DomainAllocation spread(Replicas replicas, DomainLimits limits);

/// At least `replicas` in total: adds to the emptiest domains that have room, and takes from none.
[[nodiscard]] std::vector<Replicas> raised_to(std::vector<Replicas> per_domain, Replicas replicas,
                                              DomainLimits limits);

[[nodiscard]] Replicas total(std::span<const Replicas> per_domain);

}  // namespace edgetide::sizing
