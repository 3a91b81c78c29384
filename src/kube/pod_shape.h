#pragma once

#include <simdjson.h>

#include <compare>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kube/resources.h"
#include "kube/selector.h"

namespace edgetide::kube {

/// One requirement on a node's labels, or on its name.
struct NodeRequirement {
  std::string key;
  bool is_field = false;  ///< Of the node's fields, of which there is "metadata.name" alone.
  std::string op;         ///< "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"
  std::vector<std::string> values;

  auto operator<=>(const NodeRequirement&) const = default;
};

/// All of them have to hold.
using NodeTerm = std::vector<NodeRequirement>;

struct Toleration {
  std::string key;  ///< Empty, with "Exists": of every taint.
  std::string op = "Equal";
  std::string value;
  std::string effect;  ///< Empty: of every effect.

  auto operator<=>(const Toleration&) const = default;
};

/// How the scheduler has to spread the pods of a template over the values of a label of the nodes.
struct SpreadConstraint {
  std::string topology_key;
  int max_skew = 1;
  bool binds = true;  ///< DoNotSchedule; otherwise it is no more than a wish.
  /// nodeTaintsPolicy Honor: nodes whose taints keep the pods out do not count.
  bool honors_taints = false;

  auto operator<=>(const SpreadConstraint&) const = default;
};

/// What a pod asks of a node and counts as in a ResourceQuota: the same for all pods of a template,
/// as admission has left it.
struct PodShape {
  Resources requests;  ///< Effective: containers together, or what starting takes if that is more.
  Resources limits;    ///< The same of limits.
  Labels node_selector;
  bool has_node_terms = false;  ///< Required node affinity: one of the terms has to hold.
  std::vector<NodeTerm> node_terms;
  std::vector<Toleration> tolerations;
  std::string priority_class;
  std::vector<SpreadConstraint> spread;
  bool one_a_node = false;    ///< By a port of the host, or an anti-affinity by host.
  bool has_deadline = false;  ///< activeDeadlineSeconds: what quotas call Terminating.

  auto operator<=>(const PodShape&) const = default;
};

/// Reads a pod's spec.
[[nodiscard]] PodShape read_pod_shape(simdjson::dom::element spec);
/// Only the effective requests of a pod's spec.
[[nodiscard]] Resources read_requests(simdjson::dom::element spec);

/// Keeps one copy of values that many objects share. Safe for use from several threads.
template <typename T>
class Shared {
 public:
  [[nodiscard]] std::shared_ptr<const T> copy_of(T value) {
    const std::lock_guard lock(mutex_);
    if (const auto known = copies_.find(value); known != copies_.end()) return *known;
    if (copies_.size() >= sweep_at_) {
      std::erase_if(copies_, [](const auto& copy) { return copy.use_count() == 1; });
      sweep_at_ = 2 * copies_.size() + kFewest;
    }
    return *copies_.insert(std::make_shared<const T>(std::move(value))).first;
  }

 private:
  static constexpr std::size_t kFewest = 64;
  struct ByValue {
    using is_transparent = void;
    static const T& value(const T& value) { return value; }
    static const T& value(const std::shared_ptr<const T>& copy) { return *copy; }
    bool operator()(const auto& a, const auto& b) const { return value(a) < value(b); }
  };

  std::mutex mutex_;
  std::set<std::shared_ptr<const T>, ByValue> copies_;
  std::size_t sweep_at_ = kFewest;
};

}  // namespace edgetide::kube
