#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/model/scaling_plan.h"

namespace edgetide::planning {

/// By domain, how many may stand there: as its target specifies; where that is not known, as it was
/// last seen. One that has not been read since the memory began may hold as many as the fullest of
/// the others, or its part of the pool's maximum where that is more.
[[nodiscard]] model::Fleet may_stand(const model::EdgePool& pool, const model::PlanMemory& memory,
                                     const model::Observation& observation);

/// Keeps in `memory` since when nothing of a domain serves, or less than half, for outages_of.
void note_outages(model::PlanMemory& memory, const model::EdgePool& pool,
                  const model::Observation& observation, Instant now);

/// The pool that is left to plan for: a rebuilt domain holds what serves there, and what is asked
/// for beyond that is taken from the maximum, since it may come back. Nothing when none is rebuilt.
[[nodiscard]] std::optional<model::EdgePool> without_rebuilt(
    const model::EdgePool& pool, const std::vector<model::DomainOutage>& outages);

/// "nothing of domain b has served since 2026-05-13T20:01:00Z": of the one that is out for longest.
/// \pre there is one
[[nodiscard]] std::string silence_of(const model::Observation& observation,
                                     const std::vector<model::DomainOutage>& outages);

/// Whether a domain is rebuilt in the others, and all that is planned for could be had if it
/// served. \param minimum of the pool, or of an event that is near
[[nodiscard]] bool enough_without_loss(const model::PlanReport& report, const model::EdgePool& pool,
                                       Replicas minimum);

/// What is asked for in the rebuilt domains and does not serve.
[[nodiscard]] Replicas standing_in_rebuilt(const std::vector<model::DomainOutage>& outages);

}  // namespace edgetide::planning
