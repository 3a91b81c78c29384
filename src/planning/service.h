#pragma once

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/service_record.h"

namespace edgetide::planning {

/// Counts the time since the last look, a minute at most, as what this look shows: served, or
/// short because some resource's load is above what the Ready replicas carry. A look that does not
/// know the viewers or the whole fleet judges nothing.
void note_service(model::ServiceRecord& record, const model::EdgePool& pool,
                  const model::Observation& observation, Instant now);

}  // namespace edgetide::planning
