#pragma once

#include <optional>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"

namespace edgetide::sizing {

/// What a fleet is sized for.
struct Wanted {
  Viewers planned;      ///< To be carried while nothing is lost,
  Viewers after_loss;   ///< and by those that are left after the loss that must be survived.
  Replicas minimum{0};  ///< Run in any case.
  /// What other pools will fetch from this one: egress is planned for no less.
  std::optional<BitsPerSecond> drawn;
  ViewersPerSecond arriving;             ///< The fastest that `planned` come,
  ViewersPerSecond arriving_after_loss;  ///< and `after_loss`.
};

/// How many replicas what is wanted needs, in which failure domain, and what of it the limits do
/// not let stand.
///
/// *Serving*: replicas that carry `planned` within target utilization, by the resource that asks
/// for most. *Survivors*: those that carry `after_loss` the same way, and the spare ones. *With
/// redundancy*: the fewest that carry `planned`, the spare ones beside them, and leave the
/// survivors after the loss.
///
///   100 for the peak, 90 for that after a loss: three domains run 135, of which 90 are left
///
/// Where handshakes count, those who arrive bring what the pool says that one opens, and after the
/// loss the viewers of the fullest domain come back to the others within its reconnect time: by the
/// fleet that is recommended, or where a workload is spread by what stands.
///
///   90,000 viewers in three domains, 2 handshakes each, back within 60 s:  1,000 a second more
///
/// Of a workload that the scheduler spreads what stands in each failure domain counts, as
/// `observation` has it; where that is not known nothing is promised, and RedundancyMet says so.
///
/// The pool's maximum is the most that is recommended, and what it cuts off is `missing`. The basis
/// is kDemand, or kMinimum when the minimum decided; who knows the forecast may say more. Nothing
/// when no resource has a need to go by: then the size is unknown, not zero.
[[nodiscard]] std::optional<model::Sizing> recommend(const Wanted& wanted,
                                                     const model::EdgePool& pool,
                                                     const model::Observation& observation);

/// A lone failure domain survives nothing at any size: whether it is the only one.
[[nodiscard]] bool is_lone_domain(const model::EdgePool& pool,
                                  const model::Observation& observation);

}  // namespace edgetide::sizing
