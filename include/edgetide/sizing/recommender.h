#pragma once

#include <optional>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"

namespace edgetide::sizing {

/// How many replicas `planned` viewers need, in which failure domain, and what of it the limits do
/// not let stand.
///
/// *Serving*: replicas that carry `planned` within target utilization, by the resource that asks
/// for most. *With redundancy*: what has to run so that serving plus the spare ones are left after
/// the loss that must be survived. `minimum` replicas run in any case; the pool's maximum is the
/// most that is recommended, and what it cuts off is `missing`.
///
/// `drawn` is what other pools will fetch from this one: egress is planned for no less.
///
/// The basis is kDemand, or kMinimum when the minimum decided; who knows the forecast may say more.
/// Nothing when no resource has a need to go by: then the size is unknown, not zero.
[[nodiscard]] std::optional<model::Sizing> recommend(Viewers planned, const model::EdgePool& pool,
                                                     const model::DemandReadings& demand,
                                                     Replicas minimum,
                                                     std::optional<BitsPerSecond> drawn = {});

/// The replicas that have to be left after the loss: serving plus spare.
[[nodiscard]] Replicas survivors_for(const model::Sizing& sizing, const model::EdgePool& pool);

}  // namespace edgetide::sizing
