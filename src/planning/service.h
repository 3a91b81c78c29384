#pragma once

#include "edgetide/core/quantity.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/service_record.h"

namespace edgetide::planning {

/// The time since the last look that this one speaks for: a minute at most, what lies between two
/// looks farther apart was not seen.
[[nodiscard]] Seconds span_of_look(Instant last, Instant now);

/// The share of the load beyond what the Ready replicas carry when fully used, by the resource that
/// is short of most. \pre viewers are known, and every domain is
[[nodiscard]] Ratio share_short(const model::EdgePool& pool, const model::Observation& observation);

/// Counts the span as what this look shows: served, or short because some resource's load is above
/// what the Ready replicas carry. A look that does not know the viewers or the whole fleet judges
/// nothing.
void note_service(model::ServiceRecord& record, const model::EdgePool& pool,
                  const model::Observation& observation, Instant now);

}  // namespace edgetide::planning
