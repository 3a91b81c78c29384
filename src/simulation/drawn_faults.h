#pragma once

#include "simulation/random.h"
#include "simulation/scenario.h"

namespace edgetide::simulation {

/// Up to four, of those that may befall the scenario.
void draw_faults(Random& random, Scenario& scenario);

/// What people do to a fleet, by the scenario's seed and by itself, so that another seed's other
/// faults stay as they are: of ten nights one has nodes drained, of three such one without a
/// PodDisruptionBudget, and one has a new version rolled out.
void draw_maintenance(Scenario& scenario);

}  // namespace edgetide::simulation
