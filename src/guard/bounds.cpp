#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

/// One replica at a time to the emptiest domain with room, until the total is reached or no domain
/// has room.
void fill_to(Fleet& fleet, const Fleet& limits, Replicas least) {
  for (Replicas lack = least - total(fleet); lack > Replicas{0}; lack -= Replicas{1}) {
    std::size_t emptiest = fleet.size();
    for (std::size_t i = 0; i < fleet.size(); ++i) {
      if (fleet[i] >= limits[i]) continue;
      if (emptiest == fleet.size() || fleet[i] < fleet[emptiest]) emptiest = i;
    }
    if (emptiest == fleet.size()) return;
    fleet[emptiest] += Replicas{1};
  }
}

}  // namespace

Guarded redundancy_floor(const GuardInputs& inputs, Fleet wanted) {
  return judged("redundancy-floor", wanted, at_least(wanted, inputs.floor),
                model::reason::kRaisedToRedundancyFloor,
                "the demand of this moment needs " + std::to_string(total(inputs.floor).count()) +
                    " replicas to survive what must be survived");
}

Guarded bounds(const GuardInputs& inputs, Fleet wanted) {
  const Fleet current = specified_fleet(inputs.observation);
  const Fleet limits = at_least(model::domain_limits(inputs.pool), current);
  Fleet bounded = wanted;
  for (std::size_t i = 0; i < bounded.size(); ++i) bounded[i] = std::min(bounded[i], limits[i]);
  const char* reason = model::reason::kDomainLimits;

  const Replicas minimum = std::min(inputs.minimum, inputs.pool.replicas.max);
  if (total(bounded) < minimum) {
    fill_to(bounded, limits, minimum);
    reason = model::reason::kRaisedToMinimum;
  }
  const Replicas most = std::max(inputs.pool.replicas.max, total(current));
  if (total(bounded) > most) {
    trim_rises(bounded, current, most);
    reason = model::reason::kMaximumReached;
  }
  return judged("bounds", wanted, std::move(bounded), reason,
                "minimum " + std::to_string(minimum.count()) + ", maximum " +
                    std::to_string(inputs.pool.replicas.max.count()) +
                    ", and what each domain can hold");
}

}  // namespace edgetide::guard
