#pragma once

#include <span>

#include "edgetide/core/quantity.h"
#include "edgetide/core/small_vector.h"

namespace edgetide::model {

/// Replicas by failure domain, in the pool's order: mostly three, and no cloud's region has more
/// than six.
using Fleet = SmallVector<Replicas, 6>;

[[nodiscard]] Replicas total(std::span<const Replicas> fleet);

/// The larger of both, domain by domain. \pre as many domains
[[nodiscard]] Fleet at_least(Fleet fleet, std::span<const Replicas> other);

/// At least `replicas` in total: adds one by one to the emptiest domain that has room, the earlier
/// one of two, and takes from none. Less than `replicas` only where the limits leave no room.
///
///   standing 4, 1, 0   limits 9, 2, 9   replicas 10   ->   4, 2, 4
///
/// With floors as `standing` and a fleet as `limits` it takes from the fullest instead, the later
/// one of two, down to `replicas` and to no less than the floors.
///
/// \pre nothing is negative, as many limits as domains
/// \note O(d log d) for d domains, however many replicas.
[[nodiscard]] Fleet raised_to(Fleet standing, Replicas replicas, std::span<const Replicas> limits);

}  // namespace edgetide::model
