#pragma once

#include <optional>
#include <string>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/room.h"
#include "edgetide/model/scaling_plan.h"

namespace edgetide::planning {

/// The pool with no more than there is room for, by domain and in total.
[[nodiscard]] model::EdgePool within_room(model::EdgePool pool, const model::Room& room);

/// Which limit outside of the pool is the tightest: kQuotaReached or kNodesFull.
/// \param within the pool within the room
[[nodiscard]] const char* tightest_cause(const model::Room& room, const model::EdgePool& within);

/// The quota's word and what would help; empty where so many have room in it.
[[nodiscard]] std::string quota_help(const model::Room& room, Replicas required);
/// The nodes' word and what would help; empty where so many in total have room on them, or that is
/// not known, unless nodes are the cause for all that.
[[nodiscard]] std::string nodes_help(const model::Room& room, const model::EdgePool& pool,
                                     Replicas required, bool are_the_cause);

/// Replicas of a plan that cannot stand although the pool's own limits let them.
struct WithoutRoom {
  Replicas replicas;
  model::Fleet per_domain{};    ///< Of them; empty where a limit on the whole is the tightest.
  const char* cause = nullptr;  ///< kQuotaReached, kNodesFull, kSkewBinds or kReplicasNotReady.
  std::string detail;
};

/// By the room, by what the scheduler has found no node for within the lead time, and by what has a
/// node and is late to become Ready; nothing where all of the plan can stand, as far as is known.
/// \param required what help has to reach, which a plan that rises in steps orders less of
[[nodiscard]] std::optional<WithoutRoom> without_room(const model::ScalingPlan& plan,
                                                      const model::Observation& observation,
                                                      const model::EdgePool& pool,
                                                      Replicas required, Instant now);

}  // namespace edgetide::planning
