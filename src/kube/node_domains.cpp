#include "kube/node_domains.h"

#include <algorithm>
#include <map>

#include "kube/paths.h"
#include "kube/sync_state.h"

namespace edgetide::kube {
namespace {

/// The label's value; nullptr for a node that is in no failure domain.
const std::string* domain_of(const Node& node, const std::string& topology_key) {
  const auto label = node.labels.find(topology_key);
  return label == node.labels.end() || label->second.empty() ? nullptr : &label->second;
}

/// The strictest constraint by that label that the scheduler is bound to; nullptr for none.
const SpreadConstraint* strictest(const PodShape& shape, const std::string& topology_key) {
  const SpreadConstraint* least = nullptr;
  for (const auto& constraint : shape.spread) {
    if (!constraint.binds || constraint.topology_key != topology_key) continue;
    if (least == nullptr || constraint.max_skew < least->max_skew) least = &constraint;
  }
  return least;
}

}  // namespace

model::Spread spread_over(const Nodes& nodes, const std::string& topology_key,
                          const PodCounts& pods, Seconds warm_up, Instant now) {
  if (!pods.shape)
    return {.unknown = "none of its pods stands that would tell which nodes it may have"};
  const PodShape& shape = *pods.shape;
  const SpreadConstraint* const bound = strictest(shape, topology_key);
  std::map<std::string, PodCounts> by_domain;
  std::map<std::string, bool> counted;  // for the skew, and whether a node there is open
  for (const auto& [name, node] : nodes) {
    const std::string* domain = domain_of(*node, topology_key);
    if (domain == nullptr) continue;
    const bool takes = node->open && may_run(shape, *node);
    if (takes) by_domain[*domain];
    if (bound && (bound->honors_taints ? may_run(shape, *node) : is_selected(shape, *node)))
      counted[*domain] |= takes;
  }
  int elsewhere = 0;
  static const std::vector<PlacedReplica> kNone;
  for (const PlacedReplica& pod : pods.placed ? *pods.placed : kNone) {
    const auto node = nodes.find(*pod.node);
    const std::string* domain =
        node == nodes.end() ? nullptr : domain_of(*node->second, topology_key);
    if (domain == nullptr) {
      ++elsewhere;
      continue;
    }
    PodCounts& counts = by_domain[*domain];
    (pod.ready ? counts.ready : counts.starting) += Replicas{1};
    if (pod.ready_since) counts.ready_since.push_back(*pod.ready_since);
  }
  model::Spread spread{.max_skew = bound ? std::optional(bound->max_skew) : std::nullopt};
  for (const auto& [name, open] : counted)
    if (!open) spread.closed.push_back(name);
  for (const auto& [name, counts] : by_domain) {
    spread.domains.push_back({.name = name,
                              .ready = counts.ready,
                              .cold = counts.cold(warm_up, now),
                              .starting = counts.starting});
  }
  if (elsewhere > 0)
    spread.unknown =
        std::to_string(elsewhere) + " replicas stand on no node with the label " + topology_key;
  if (spread.domains.empty())
    spread.unknown = "no node that takes its pods in has the label " + topology_key;
  return spread;
}

void NodeDomains::follow() {
  const std::lock_guard lock(mutex_);
  if (nodes_) return;
  ReflectorOptions options;
  options.name = "nodes";
  options.collection = [path = collection_path("v1", "nodes", "")] {
    return Result<std::string>(path);
  };
  options.in_pages = true;
  nodes_ = std::make_unique<Watched<Node>>(
      client_, [](simdjson::dom::element node, const Node*) { return read_node(node); },
      Store<Node>::OnChange{}, std::move(options), options_.on_problem);
  nodes_->reflector().start();
}

model::Spread NodeDomains::spread(const std::string& topology_key, const PodCounts& pods,
                                  Seconds warm_up, Instant now) {
  const std::lock_guard lock(mutex_);
  if (!nodes_) return {.unknown = "the nodes are not followed yet"};
  if (const auto error = not_current(nodes_->reflector(), options_.stale_after))
    return {.unknown = error->text()};
  // Read before the store, so that a change in between makes the next picture another one.
  if (const auto revision = nodes_->store().revision(); revision != revision_) {
    by_name_.clear();
    for (auto& [key, node] : nodes_->store().all()) by_name_.emplace(key.name, std::move(node));
    revision_ = revision;
  }
  return spread_over(by_name_, topology_key, pods, warm_up, now);
}

std::vector<Reflector*> NodeDomains::reflectors() const {
  const std::lock_guard lock(mutex_);
  if (!nodes_) return {};
  return {&nodes_->reflector()};
}

}  // namespace edgetide::kube
