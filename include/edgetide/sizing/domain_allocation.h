#pragma once

#include <optional>
#include <span>

#include "edgetide/model/fleet.h"

namespace edgetide::sizing {

/// The most replicas each failure domain can hold, in the caller's order.
using DomainLimits = std::span<const Replicas>;

/// How many replicas to run in each failure domain, in the order of the limits.
struct DomainAllocation {
  model::Fleet per_domain;
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
/// \note O(d log d) for d domains, however many replicas.
[[nodiscard]] DomainAllocation survive_one_domain(Replicas survivors, DomainLimits limits);

/// The same with `standing` replicas that stay: the fewest in total that take from no domain. What
/// stands above a limit counts too. A domain that is already large makes its own loss the worst, so
/// that the lowest level is its size.
///
///   standing 7, 2, 0   limits 9, 9, 9   survivors 8
///   level 7:  7 + 4 + 4 = 15 = 8 + 7   without what stands, 4 + 4 + 4 would do
[[nodiscard]] DomainAllocation survive_one_domain(Replicas survivors, DomainLimits limits,
                                                  model::Fleet standing);

/// The fewest replicas of one workload, in total, that leave at least `survivors` after the loss of
/// any one domain, wherever the scheduler puts those that come and whichever the workload's
/// controller takes away. What stands stays where it is.
///
/// A scheduler that is bound to `max_skew` places a replica only where it makes a domain no more
/// than so many larger than the smallest: the fullest may rise by one to x once all the others have
/// x - max_skew. With M the fullest of those standing, and l the lowest level at which the others,
/// each raised to it, hold the survivors,
///
///   total = survivors + max(M, l + max_skew - 1)
///
///   standing 4, 4, 1   survivors 9   max_skew 1:  l = 5   9 + max(4, 5) = 14 = 5 + 5 + 4
///
/// A fall may take from the others alone: down to survivors + M and no further.
///
/// Without a `max_skew` the next ones may all go to the fullest, and no number is enough: the total
/// is that of an even fleet, and no less than what stands while the survivors are not there.
///
/// \param standing by domain, two or more; survivors are not negative, max_skew at least one
/// \note O(d log d) for d domains.
[[nodiscard]] Replicas survive_by_scheduler(Replicas survivors, std::span<const Replicas> standing,
                                            std::optional<int> max_skew);

/// `replicas` over the domains as evenly as their limits allow, earlier domains first where it does
/// not come out even; what finds no room is in `missing`.
///
///   limits 10, 10, 2   replicas 9   ->   4, 3, 2
///
/// \pre replicas and limits are not negative.
[[nodiscard]] DomainAllocation spread(Replicas replicas, DomainLimits limits);

}  // namespace edgetide::sizing
