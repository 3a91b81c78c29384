#include "simulation/rollout.h"

#include <algorithm>

namespace edgetide::simulation {

RolloutStep next_step(int asked, const VersionCounts& current, const VersionCounts& old) {
  const int surge = (asked + 3) / 4;
  const int least_ready = asked - asked / 4;
  const int all = current.all() + old.all();
  const int lacking = asked - current.all();
  if (lacking < 0) return {.current = lacking};
  if (const int started = std::min(lacking, asked + surge - all); started > 0)
    return {.current = started};
  const int current_unready = current.all() - current.ready;
  const int may_go = all - least_ready - current_unready;
  if (may_go <= 0) return {};
  const int unready = std::min(old.all() - old.ready, may_go);
  const int beyond = std::max(0, current.ready + old.ready - least_ready);
  return {.old = -std::min(old.all(), unready + beyond)};
}

}  // namespace edgetide::simulation
