#include "service.h"

#include <algorithm>

#include "edgetide/sizing/capacity_model.h"

namespace edgetide::planning {

Seconds span_of_look(Instant last, Instant now) {
  return std::clamp(now - last, Seconds{0}, Seconds{60});
}

Ratio share_short(const model::EdgePool& pool, const model::Observation& observation) {
  auto capacity = pool.capacity;
  capacity.target_utilization = Ratio{1};
  const Viewers viewers{observation.demand.viewers.value};
  auto measured = observation.demand;
  measured.bitrate.reset();  // what viewers want when they can, not what they got
  const Replicas ready = model::total_ready(observation);
  double share = 0;
  for (const auto& need : sizing::needs_for(viewers, capacity, measured)) {
    if (need.replicas <= ready) continue;
    share = std::max(share, 1 - ready.count() * need.usable_capacity / need.load);
  }
  return Ratio{share};
}

void note_service(model::ServiceRecord& record, const model::EdgePool& pool,
                  const model::Observation& observation, Instant now) {
  const Seconds span = span_of_look(record.last_look, now);
  const bool first = record.last_look == Instant{};
  record.last_look = now;
  const bool known = observation.demand.viewers.fresh() && model::all_domains_known(observation);
  if (first || !known) return;
  record.judged += span;
  if (share_short(pool, observation) > Ratio{0}) record.short_for += span;
}

}  // namespace edgetide::planning
