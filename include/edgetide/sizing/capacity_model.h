#pragma once

#include <optional>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/sizing/new_connections.h"

namespace edgetide::sizing {

/// The most that a load is counted in.
inline constexpr Replicas kMostReplicas{1'000'000};

/// The fewest replicas whose usable capacity reaches the load: the one place where load becomes
/// replicas, and it rounds up. A load that fills n replicas exactly needs n, whatever rounding the
/// division brought (a relative 1e-9 is forgiven). At most kMostReplicas; a load that is not a
/// finite number of at least zero needs that many.
///
///   3,000 viewers / (2,000 x 75 %) = 2 replicas; 3,001 need 3
///
/// \pre usable_capacity > 0
[[nodiscard]] Replicas replicas_for(double load, double usable_capacity);

/// What each resource with a capacity asks for when `planned` viewers watch.
///
/// Egress, requests and connections follow the viewers: their load is what one viewer brings today
/// times `planned`, and the load of now while viewers are not fresh or none are counted. Handshakes
/// come with viewers who arrive, not with those who watch: the ones that arrivals of late do not
/// explain follow the viewers, and `coming` is on top; never less than now.
///
///   50 a second by 45,000 viewers, none of them new; 450,000 planned, 1,200 arrivals a second that
///   open 2 each:  50 x 10 + 2,400 = 2,900
///   the same when 40 of the 50 are of arrivals:  10 x 10 + 2,400 = 2,500
///
/// Egress is no less than `planned` times the measured bitrate, which congestion does not
/// lower, also while it cannot be read. A reading that leaves a part out may raise; a resource with
/// none, or an old one, has no need here. For both the freshness guard keeps the fleet from
/// shrinking.
[[nodiscard]] model::ResourceNeeds needs_for(Viewers planned,
                                             const model::CapacityPerReplica& capacity,
                                             const model::DemandReadings& demand,
                                             const NewConnections& coming = {});

/// The replicas of the binding one among them; nothing where none has a need.
[[nodiscard]] std::optional<Replicas> replicas_needed(Viewers planned,
                                                      const model::CapacityPerReplica& capacity,
                                                      const model::DemandReadings& demand,
                                                      const NewConnections& coming = {});

}  // namespace edgetide::sizing
