#pragma once

#include <memory>
#include <string>

#include "edgetide/core/result.h"
#include "kube/access.h"
#include "kube/client.h"
#include "kube/in_cluster.h"

namespace edgetide::app {

/// A cluster for a command that asks it a few things and ends.
struct ClusterClient {
  kube::Access access;
  std::unique_ptr<kube::Client> client;
};

/// Finds the way to the cluster; contacts nobody yet.
/// \param version of this program, for the API server's logs
[[nodiscard]] Result<ClusterClient> open_cluster(const kube::AccessOptions& options,
                                                 const std::string& version);

}  // namespace edgetide::app
