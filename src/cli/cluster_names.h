#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace edgetide::cli {

/// Names of the cluster that a half typed command line means, by its --kubeconfig, --context and
/// --namespace; for who completes it. None where the cluster does not answer within a second.
[[nodiscard]] std::vector<std::string> names_in_cluster(Names what,
                                                        const std::vector<std::string>& words);

}  // namespace edgetide::cli
