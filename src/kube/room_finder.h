#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/room.h"
#include "kube/machine_deployments.h"
#include "kube/node_watch.h"
#include "kube/pod_templates.h"
#include "kube/quota_room.h"
#include "kube/target_watches.h"
#include "kube/watched.h"

namespace edgetide::kube {

struct RoomFinderOptions {
  std::vector<std::string> namespaces;  ///< Whose ResourceQuotas; empty for all.
  bool nodes = false;                   ///< Follow nodes, and everybody's pods on them.
  NodeWatchOptions node_watch{};
  std::function<void(const std::string&)> on_problem;
};

/// What the cluster has room for: ResourceQuotas from one watch, nodes from a NodeWatch, the pods
/// of targets from theirs. What may not be read is not known, and stops nothing.
class RoomFinder {
 public:
  /// \pre `client` and `targets` outlive it.
  RoomFinder(Client& client, TargetWatches& targets, RoomFinderOptions options);

  void start();

  [[nodiscard]] model::Room room(const model::EdgePool& pool);

  [[nodiscard]] std::vector<Reflector*> reflectors() const;

 private:
  struct Quotas {
    std::string name_space;  ///< Empty for all.
    std::unique_ptr<Watched<Quota>> watched;
  };
  /// By domain, in the pool's order; each with a shape.
  using Targets = std::vector<Result<TargetPods>>;

  /// A target's pods, of which the template tells where none stands.
  [[nodiscard]] Result<TargetPods> pods_of(const TargetKey& key);

  /// Those of a namespace, or why they are not known.
  [[nodiscard]] Result<std::vector<Quota>> quotas_of(const std::string& name_space) const;
  /// Fills in what they leave, or why that is not known.
  static void find_by_quota(const std::vector<Quota>& quotas, const Targets& targets,
                            model::Room& room);
  /// Fills in what is known of the nodes; returns what is not, and why.
  [[nodiscard]] std::string find_on_nodes(const model::EdgePool& pool, const Targets& targets,
                                          model::Room& room);
  /// Of one domain, with what its MachineDeployment may bring.
  [[nodiscard]] Result<TargetRoom> on_nodes(const model::EdgePool& pool, std::size_t domain,
                                            const Result<TargetPods>& pods,
                                            const std::shared_ptr<const NodePicture>& picture);
  /// Reckoned once a picture.
  [[nodiscard]] TargetRoom on_nodes_of_now(const TargetKey& key, const TargetPods& pods,
                                           const std::shared_ptr<const NodePicture>& picture);

  TargetWatches& targets_;
  RoomFinderOptions options_;
  MachineDeployments machines_;
  PodTemplates templates_;
  std::mutex mutex_;  ///< Of what was reckoned.
  std::shared_ptr<const NodePicture> picture_;
  std::map<PodShape, std::vector<int>> more_on_nodes_;  ///< By that picture;
  std::map<TargetKey, TargetRoom> reckoned_;            ///< of it, by target.
  std::unique_ptr<NodeWatch> nodes_;  ///< nullptr where they are not to be followed.
  std::vector<Quotas> quotas_;        // last: their threads call back
};

}  // namespace edgetide::kube
