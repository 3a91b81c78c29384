#pragma once

#include <simdjson.h>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/result.h"
#include "kube/label_index.h"
#include "kube/pod_shape.h"
#include "kube/resources.h"
#include "kube/selector.h"

/// How many pods nodes take in, by the rules of the scheduler that do not depend on time or chance.
/// All of it is pure.
namespace edgetide::kube {

struct Taint {
  std::string key;
  std::string value;
  std::string effect;  ///< "NoSchedule", "PreferNoSchedule", "NoExecute"
};

/// What is kept of a Node.
struct Node {
  std::string name;
  Labels labels;
  std::vector<Taint> taints;
  Resources allocatable;
  bool open = false;  ///< Ready, and not cordoned: it takes pods in.
};

/// Trims a Node; one that does not say that it is Ready is not open.
[[nodiscard]] Result<Node> read_node(simdjson::dom::element node);

/// Selector and required affinity let the pod run there, whatever the taints.
[[nodiscard]] bool is_selected(const PodShape& pod, const Node& node);

/// Selector, required affinity and taints let the pod run there.
[[nodiscard]] bool may_run(const PodShape& pod, const Node& node);

/// How many more such pods find room in what a node has left, each of whose resources is enough for
/// whole ones only. \param taken of the node's `allocatable`, "pods" among them
[[nodiscard]] int more_pods(const PodShape& pod, const Resources& allocatable,
                            const Resources& taken);

/// A pod that stands on a node.
struct PlacedPod {
  std::string node;
  bool on_every_node = false;  ///< Of a DaemonSet: a new node gets one as well.
  std::shared_ptr<const Labels> labels;
  std::shared_ptr<const Resources> requests;
};

/// What a target's pods have and can have on the nodes.
struct TargetRoom {
  Replicas placed;        ///< Of its pods, those that stand on a node.
  std::vector<int> more;  ///< By node: how many more there.

  [[nodiscard]] Replicas most() const;
};

/// The nodes of a cluster with what stands on them, all at one moment.
class NodePicture {
 public:
  /// \pre sorted by name
  explicit NodePicture(std::vector<std::shared_ptr<const Node>> nodes);

  /// Counts a pod; one on a node that is not there takes nothing.
  void add(const std::string& name_space, const PlacedPod& pod);

  /// How many more such pods each node takes in, as far as they do not keep each other out.
  [[nodiscard]] std::vector<int> more_on_nodes(const PodShape& shape) const;

  /// \param selector of the target's pods in that namespace
  /// \param more as `more_on_nodes` of the shape: the same for all targets that share it
  [[nodiscard]] TargetRoom room_for(const PodShape& shape, std::vector<int> more,
                                    const std::string& name_space, const Selector& selector) const;

  /// How many such pods a further node of their kind holds: as many as the least of those that they
  /// may run on, were nothing there but what every node gets. Nothing where there is no such node.
  [[nodiscard]] std::optional<int> on_a_new_node(const PodShape& shape) const;

  /// "2 of 9 nodes take nothing in"; empty where all are open.
  [[nodiscard]] std::string closed_text() const;

 private:
  /// Of one namespace: the nodes of its pods, by the labels that they share.
  struct Standing {
    std::map<std::shared_ptr<const Labels>, std::size_t> numbers;
    std::vector<std::vector<std::size_t>> nodes;  ///< By number in the index.
    LabelIndex index;
  };
  std::vector<std::shared_ptr<const Node>> nodes_;
  std::vector<Resources> taken_;              ///< By node;
  std::vector<Resources> basic_;              ///< of it, by what every node gets.
  std::map<std::string, Standing> standing_;  ///< By namespace.
};

/// The most of several targets that may share nodes: a node gives each of its places once, to those
/// who find most room there.
[[nodiscard]] Replicas most_together(std::span<const TargetRoom> targets);

}  // namespace edgetide::kube
