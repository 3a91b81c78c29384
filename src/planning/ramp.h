#pragma once

#include <span>
#include <vector>

#include "paced_fleet.h"

namespace edgetide::planning {

/// How long before the last order for it a rise may be begun.
inline constexpr Seconds kLongestRamp{7200};

/// So many in total have to be ordered some time from now.
struct NeedAhead {
  Seconds after;
  Replicas total;
};

/// The fleet to be ordered now, so that decisions reach every need in time as fast as the pool lets
/// them: the smallest of at least `least`, and all of a need for which no time is left.
///
///   200 a step, a step a minute: 1,000 needed in 3 minutes -> 400 now
///
/// \pre needs rise in time
[[nodiscard]] Replicas begun_for(const model::EdgePool& pool, const Standing& standing,
                                 std::span<const NeedAhead> needs, Replicas least);

/// When orders will still be given whose need has to be known now, in seconds from now, so that a
/// rise to the pool's maximum could be begun in time. None when all of it can be ordered at once,
/// or nothing may rise; some thirty at most.
[[nodiscard]] std::vector<Seconds> ramp_moments(const model::EdgePool& pool,
                                                const Standing& standing);

}  // namespace edgetide::planning
