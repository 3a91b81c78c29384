#pragma once

#include <string>

#include "simulation/closed_loop.h"

namespace edgetide::simulation {

/// The shortest of a night that still breaks the operator's promise: cut after the first breach,
/// without each fault, loss and pause whose absence leaves the same rule broken.
/// \pre the night breaks one under these options
[[nodiscard]] Scenario shortest_failing(const Scenario& night,
                                        const controller::ReconcilerOptions& options = {});

/// What is left of a night in a line: until when, and what happens in it.
///
///   "18:30 to 20:41, SamplesFrozen 19:55 for 300 s, zone lost 20:10 for 1200 s"
[[nodiscard]] std::string told(const Scenario& night);

}  // namespace edgetide::simulation
