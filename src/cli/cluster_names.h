#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "kube/in_cluster.h"

namespace edgetide::cli {

/// Which cluster a half typed command line means, and as whom it asks.
[[nodiscard]] kube::AccessOptions access_meant(const std::vector<std::string>& words);

/// Names of the cluster that a half typed command line means, in its --namespace; for who completes
/// it. None where the cluster does not answer within a second.
[[nodiscard]] std::vector<std::string> names_in_cluster(Names what,
                                                        const std::vector<std::string>& words);

}  // namespace edgetide::cli
