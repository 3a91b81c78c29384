#pragma once

#include <string>
#include <vector>

#include "app/lead.h"
#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "kube/cluster.h"
#include "kube/in_cluster.h"

namespace edgetide::app {

struct OperatorOptions {
  kube::AccessOptions access;
  LeadOptions lead;
  std::vector<std::string> namespaces;  ///< Empty for all.
  bool node_room = false;               ///< As kube::ClusterOptions::node_room.
  Seconds interval{15};                 ///< Between two looks at one pool.
  kube::RateLimit::Options rate_limit{.per_second = 1000, .burst = 2000};
  std::string data_directory;  ///< Outlives the process; nothing is kept when empty.
  std::string listen_host = "0.0.0.0";
  int listen_port = 8080;      ///< 0 lets the kernel choose.
  bool metrics_token = false;  ///< /metrics is for tokens that MetricsGate admits.
  bool core_dumps = false;     ///< A crash may leave one, which holds tokens.
  std::string version;
};

/// How this program sees a cluster.
[[nodiscard]] kube::ClusterOptions cluster_options(const OperatorOptions& options);

/// Runs until SIGTERM or SIGINT, then stops within five seconds; a second signal ends it at once.
/// Fails when the cluster cannot be found or the port cannot be bound; a cluster that is found and
/// does not answer yet is waited for.
/// \pre called before any thread is started, once a process.
[[nodiscard]] Result<void> run_operator(const OperatorOptions& options);

}  // namespace edgetide::app
