#pragma once

#include "simulation/summary.h"
#include "web/page.h"

namespace edgetide::cli {

/// The evening while it is under way: what came so far.
[[nodiscard]] web::Page live_demo_page(const simulation::Scenario& scenario,
                                       const simulation::Recording& recording);

/// The evening when it is over, beside the same evening under others.
[[nodiscard]] web::Page demo_page(const simulation::Comparison& comparison);

}  // namespace edgetide::cli
