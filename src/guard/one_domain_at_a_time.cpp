#include <optional>

#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {

Guarded one_domain_at_a_time(const GuardInputs& inputs, Fleet wanted) {
  if (inputs.pool.redundancy.survive == model::Survive::kNone) return unchanged(std::move(wanted));
  const Fleet current = specified_fleet(inputs.observation);
  std::optional<std::size_t> fullest;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] >= current[i]) continue;
    if (!fullest || current[i] >= current[*fullest]) fullest = i;
  }
  if (!fullest) return unchanged(std::move(wanted));
  Fleet lowered = at_least(wanted, current);
  lowered[*fullest] = wanted[*fullest];
  return judged("one-domain-at-a-time", wanted, std::move(lowered),
                model::reason::kOneDomainAtATime,
                "domain " + inputs.pool.domains[*fullest].name + " is lowered first");
}

}  // namespace edgetide::guard
