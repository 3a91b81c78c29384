#include "kube/node_room.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

#include "json/large.h"

namespace edgetide::kube {
namespace {

using simdjson::dom::element;

/// Beyond what any fleet is asked for.
constexpr std::int64_t kMostPods = 1'000'000;

bool is_ready(element node) {
  const auto status = json::at(node, "status");
  const auto conditions = status ? json::array_at(*status, "conditions") : std::nullopt;
  if (!conditions) return false;
  for (const element condition : *conditions) {
    if (json::string_at(condition, "type") == "Ready")
      return json::string_at(condition, "status") == "True";
  }
  return false;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Gt and Lt compare whole numbers; what is none holds nothing.
bool compares(std::string_view op, std::string_view ours, const std::vector<std::string>& values) {
  const auto left = integer(ours);
  const auto right = values.size() == 1 ? integer(values.front()) : std::nullopt;
  if (!left || !right) return false;
  return op == "Gt" ? *left > *right : *left < *right;
}

bool holds(const NodeRequirement& requirement, const Node& node) {
  const auto& [key, is_field, op, values] = requirement;
  std::optional<std::string_view> ours;
  if (is_field) {
    if (key == "metadata.name") ours = node.name;
  } else if (const auto label = node.labels.find(key); label != node.labels.end()) {
    ours = label->second;
  }
  const auto among = [&] { return ours && std::ranges::find(values, *ours) != values.end(); };
  if (op == "In") return among();
  if (op == "NotIn") return !among();
  if (op == "Exists") return ours.has_value();
  if (op == "DoesNotExist") return !ours;
  return ours && (op == "Gt" || op == "Lt") && compares(op, *ours, values);
}

bool tolerates(const Toleration& toleration, const Taint& taint) {
  if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
  if (toleration.op == "Exists") return toleration.key.empty() || toleration.key == taint.key;
  return toleration.op == "Equal" && toleration.key == taint.key && toleration.value == taint.value;
}

bool keeps_out(const Taint& taint, const PodShape& pod) {
  if (taint.effect != "NoSchedule" && taint.effect != "NoExecute") return false;
  return std::ranges::none_of(
      pod.tolerations, [&](const Toleration& toleration) { return tolerates(toleration, taint); });
}

}  // namespace

Result<Node> read_node(element object) {
  const auto metadata = json::at(object, "metadata");
  if (!metadata) return Error{.code = ErrorCode::kInvalid, .message = "a node without metadata"};
  Node node{.name = std::string{json::string_at(*metadata, "name").value_or("")}};
  if (const auto labels = json::object_at(*metadata, "labels")) {
    for (const auto& [key, value] : *labels) {
      if (value.is_string()) node.labels.emplace(key, std::string_view{value});
    }
  }
  bool cordoned = false;
  if (const auto spec = json::at(object, "spec")) {
    cordoned = json::bool_at(*spec, "unschedulable").value_or(false);
    if (const auto taints = json::array_at(*spec, "taints")) {
      for (const element taint : *taints) {
        const auto text = [&](const char* key) {
          return std::string{json::string_at(taint, key).value_or("")};
        };
        node.taints.push_back(
            {.key = text("key"), .value = text("value"), .effect = text("effect")});
      }
    }
  }
  if (const auto status = json::at(object, "status")) {
    if (const auto allocatable = json::at(*status, "allocatable"))
      node.allocatable = read_resources(*allocatable, Rounding::kDown);
  }
  node.open = !cordoned && is_ready(object);
  return node;
}

bool is_selected(const PodShape& pod, const Node& node) {
  for (const auto& [key, value] : pod.node_selector) {
    const auto label = node.labels.find(key);
    if (label == node.labels.end() || label->second != value) return false;
  }
  const auto term_holds = [&](const NodeTerm& term) {
    return std::ranges::all_of(term, [&](const auto& one) { return holds(one, node); });
  };
  return !pod.has_node_terms || std::ranges::any_of(pod.node_terms, term_holds);
}

bool may_run(const PodShape& pod, const Node& node) {
  const auto is_kept_out = [&](const Taint& taint) { return keeps_out(taint, pod); };
  return is_selected(pod, node) && std::ranges::none_of(node.taints, is_kept_out);
}

int more_pods(const PodShape& pod, const Resources& allocatable, const Resources& taken) {
  const auto fits = [&](std::string_view resource, std::int64_t each) {
    const std::int64_t left = amount_of(allocatable, resource) - amount_of(taken, resource);
    return std::max<std::int64_t>(0, left) / each;
  };
  std::int64_t most = std::min(kMostPods, fits("pods", 1000));
  for (const auto& [resource, each] : pod.requests) most = std::min(most, fits(resource, each));
  return static_cast<int>(most);
}

Replicas TargetRoom::most() const {
  const std::int64_t sum = std::accumulate(more.begin(), more.end(), std::int64_t{placed.count()});
  return Replicas{static_cast<int>(std::min(sum, kMostPods))};
}

NodePicture::NodePicture(std::vector<std::shared_ptr<const Node>> nodes)
    : nodes_(std::move(nodes)), taken_(nodes_.size()), basic_(nodes_.size()) {}

void NodePicture::add(const std::string& name_space, const PlacedPod& pod) {
  const auto at = std::ranges::lower_bound(
      nodes_, pod.node, {}, [](const auto& node) { return std::string_view{node->name}; });
  if (at == nodes_.end() || (*at)->name != pod.node) return;
  const auto node = static_cast<std::size_t>(at - nodes_.begin());
  for (Resources* taken : {&taken_[node], pod.on_every_node ? &basic_[node] : nullptr}) {
    if (taken == nullptr) continue;
    kube::add(*taken, *pod.requests);
    (*taken)["pods"] += 1000;
  }
  Standing& here = standing_[name_space];
  const auto [number, is_new] = here.numbers.try_emplace(pod.labels, here.nodes.size());
  if (is_new) {
    here.index.add(*pod.labels);
    here.nodes.emplace_back();
  }
  here.nodes[number->second].push_back(node);
}

std::vector<int> NodePicture::more_on_nodes(const PodShape& shape) const {
  std::vector<int> more(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i]->open && may_run(shape, *nodes_[i]))
      more[i] = more_pods(shape, nodes_[i]->allocatable, taken_[i]);
    if (shape.one_a_node) more[i] = std::min(more[i], 1);
  }
  return more;
}

TargetRoom NodePicture::room_for(const PodShape& shape, std::vector<int> more,
                                 const std::string& name_space, const Selector& selector) const {
  TargetRoom room{.more = std::move(more)};
  const auto here = standing_.find(name_space);
  if (here == standing_.end()) return room;
  for (const std::size_t number : here->second.index.selected(selector)) {
    const auto& nodes = here->second.nodes[number];
    room.placed += Replicas{static_cast<int>(nodes.size())};
    if (!shape.one_a_node) continue;
    for (const std::size_t node : nodes) room.more[node] = 0;
  }
  return room;
}

std::optional<int> NodePicture::on_a_new_node(const PodShape& shape) const {
  std::optional<int> least;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!may_run(shape, *nodes_[i])) continue;
    const int holds = more_pods(shape, nodes_[i]->allocatable, basic_[i]);
    least = std::min(least.value_or(holds), holds);
  }
  if (least && shape.one_a_node) least = std::min(*least, 1);
  return least;
}

std::string NodePicture::closed_text() const {
  const auto closed = std::ranges::count_if(nodes_, [](const auto& node) { return !node->open; });
  if (closed == 0) return "";
  return std::to_string(closed) + " of " + std::to_string(nodes_.size()) + " nodes take nothing in";
}

Replicas most_together(std::span<const TargetRoom> targets) {
  TargetRoom all;
  for (const TargetRoom& target : targets) {
    all.placed += target.placed;
    all.more.resize(std::max(all.more.size(), target.more.size()));
    for (std::size_t node = 0; node < target.more.size(); ++node)
      all.more[node] = std::max(all.more[node], target.more[node]);
  }
  return all.most();
}

}  // namespace edgetide::kube
