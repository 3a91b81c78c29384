#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/spread.h"
#include "kube/node_room.h"
#include "kube/pod_counts.h"
#include "kube/watched.h"

namespace edgetide::kube {

/// By name.
using Nodes = std::map<std::string, std::shared_ptr<const Node>>;

/// How a workload's replicas are spread over the values that a label of the nodes has.
///
/// A failure domain is one in which a node that is open takes such pods in, or a pod stands. A pod
/// on a node without the label, or one that is gone, is in none: it is no reserve.
/// \param pods with the shape of the youngest, and where each stands
[[nodiscard]] model::Spread spread_over(const Nodes& nodes, const std::string& topology_key,
                                        const PodCounts& pods, Seconds warm_up, Instant now);

struct NodeDomainsOptions {
  /// A watch that has been down for longer makes the failure domains unknown.
  std::chrono::milliseconds stale_after{60'000};
  std::function<void(const std::string&)> on_problem;
};

/// The failure domains of workloads that the scheduler spreads, by one watch of the nodes, whatever
/// the number of pools; none where there is no such workload. Safe for use from several threads at
/// once.
class NodeDomains {
 public:
  NodeDomains(Client& client, NodeDomainsOptions options)
      : client_(client), options_(std::move(options)) {}

  /// Begins the watch, the first time.
  void follow();

  /// Where the pods stand, or why that is not known, in its `unknown`.
  [[nodiscard]] model::Spread spread(const std::string& topology_key, const PodCounts& pods,
                                     Seconds warm_up, Instant now);

  /// Those that run now.
  [[nodiscard]] std::vector<Reflector*> reflectors() const;

 private:
  Client& client_;
  NodeDomainsOptions options_;
  mutable std::mutex mutex_;
  Nodes by_name_;  ///< As of that revision of the watch.
  std::uint64_t revision_ = 0;
  std::unique_ptr<Watched<Node>> nodes_;  ///< nullptr until it is begun.
};

}  // namespace edgetide::kube
