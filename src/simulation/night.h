#pragma once

#include <cstdint>

#include "simulation/scenario.h"

namespace edgetide::simulation {

/// A sport evening drawn by seed: another pool (domains, limits, promises, pace), other hours than
/// were announced, or an event that never comes, the loss of a zone, shorter or longer than until
/// it is rebuilt, tiers that are drawn from, a pause, and up to four faults, of which several may
/// be under way at once; beside the match a premiere, a crowd that nobody announced, prime time or
/// an outage after which all ask again, nodes that have to come first or are too few, nodes that
/// are drained, and a rollout; or of gateways, which bear connections too. The same seed gives the
/// same night.
[[nodiscard]] Scenario random_night(std::uint64_t seed);

/// Adds what the scenario's own seed draws: up to four faults, and of three nights about one loses
/// a zone when the most is watched, for twenty minutes or until after it is rebuilt, if it has
/// several and none is lost already; of ten nights one has nodes drained, and one a rollout.
void add_drawn_faults(Scenario& scenario);

}  // namespace edgetide::simulation
