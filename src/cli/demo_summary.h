#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "simulation/summary.h"

namespace edgetide::cli {

/// The comparison's figures for programs: `apiVersion: edgetide.io/v1alpha1`, `kind: DemoSummary`.
/// Fields are only ever added within a version.
[[nodiscard]] nlohmann::ordered_json demo_summary(const simulation::Comparison& comparison,
                                                  const std::string& page);

}  // namespace edgetide::cli
