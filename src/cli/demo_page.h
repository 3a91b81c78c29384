#pragma once

#include <string>

#include "simulation/summary.h"
#include "web/page.h"

namespace edgetide::cli {

/// A night while it is under way: what came so far under that policy.
[[nodiscard]] web::Page live_page(const simulation::Scenario& scenario,
                                  const simulation::Recording& recording,
                                  const std::string& policy);

/// The evening when it is over, beside the same evening under others.
[[nodiscard]] web::Page demo_page(const simulation::Comparison& comparison);

}  // namespace edgetide::cli
