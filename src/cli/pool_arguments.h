#pragma once

#include <string>
#include <vector>

#include "app/cluster_client.h"
#include "config/settings.h"
#include "edgetide/core/ids.h"
#include "json/json.h"

/// Which pools of a cluster a command line means.
namespace edgetide::cli {

/// Where objects without a namespace of their own are looked for: --namespace when it names one,
/// else the namespace of the kubeconfig's context or of the pod.
[[nodiscard]] std::string home_namespace(const config::Settings& settings,
                                         const kube::Access& access);

/// "NAMESPACE/NAME", or a bare NAME in the home namespace.
[[nodiscard]] ObjectKey object_key(const std::string& text, const std::string& home);

/// The path of an EdgePool.
[[nodiscard]] std::string pool_path(const ObjectKey& pool);

/// kNotFound names the pool.
[[nodiscard]] Result<json::Value> read_pool(const app::ClusterClient& cluster,
                                            const ObjectKey& pool);

/// The pools that the arguments name, or all of --namespace (of the cluster without) with the
/// labels of --selector; by namespace and name.
/// \pre the command has the options of cluster_options() and --selector
[[nodiscard]] Result<std::vector<json::Value>> read_pools(const app::ClusterClient& cluster,
                                                          const config::Settings& settings);

[[nodiscard]] config::Option selector_option();

}  // namespace edgetide::cli
