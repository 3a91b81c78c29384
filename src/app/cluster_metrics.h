#pragma once

#include <string>

#include "kube/statistics.h"

namespace edgetide::app {

/// What the operator asks of the API server and how its watches fare, in the text format 0.0.4.
[[nodiscard]] std::string cluster_exposition(const kube::Statistics& statistics);

}  // namespace edgetide::app
