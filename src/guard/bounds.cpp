#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
Guarded redundancy_floor(const GuardInputs& inputs, Fleet wanted) {
  Fleet raised = at_least(wanted, inputs.floor);
  if (raised == wanted) return unchanged(std::move(raised));
  return judged("redundancy-floor", wanted, std::move(raised),
                model::reason::kRaisedToRedundancyFloor,
                "the demand of this moment needs " + std::to_string(total(inputs.floor).count()) +
                    " replicas" +
                    (inputs.pool.redundancy.survive == model::Survive::kNone
                         ? ""
                         : " to survive the loss of a failure domain"));
}

Guarded bounds(const GuardInputs& inputs, Fleet wanted) {
  const Fleet current = specified_fleet(inputs.observation);
  Fleet limits = at_least(model::domain_limits(inputs.pool), current);
  Fleet bounded = wanted;
  for (std::size_t i = 0; i < bounded.size(); ++i) {
    if (!inputs.observation.domains[i].known) limits[i] = Replicas{0};
    bounded[i] = std::min(bounded[i], limits[i]);
  }
  const char* reason = model::reason::kDomainLimits;

  // Who names a number knows of the events.
  const Replicas least = fixed_by_pause(inputs) ? inputs.pool.replicas.min : inputs.minimum;
  const Replicas minimum = std::min(least, inputs.pool.replicas.max);
  const Replicas last_seen = last_seen_unknown(inputs.memory, inputs.observation);
  if (total(bounded) + last_seen < minimum) {
    bounded = raised_to(bounded, minimum - last_seen, limits);
    reason = model::reason::kRaisedToMinimum;
  }
  const Replicas most = std::max(inputs.pool.replicas.max - inputs.unseen, total(current));
  if (total(bounded) > most) {
    bounded = trimmed_rises(bounded, current, most);
    reason = model::reason::kMaximumReached;
  }
  if (bounded == wanted) return unchanged(std::move(bounded));
  return judged("bounds", wanted, std::move(bounded), reason,
                "minimum " + std::to_string(minimum.count()) + ", maximum " +
                    std::to_string(inputs.pool.replicas.max.count()) +
                    ", and what each domain can hold");
}

}  // namespace edgetide::guard
