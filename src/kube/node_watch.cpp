#include "kube/node_watch.h"

#include "json/large.h"
#include "kube/paths.h"
#include "kube/pod_counts.h"
#include "kube/sync_state.h"

namespace edgetide::kube {
namespace {

using std::chrono::steady_clock;

ReflectorOptions all_of(const std::string& plural, const std::string& query = "") {
  ReflectorOptions options;
  options.name = plural;
  options.query = query;
  options.collection = [path = collection_path("v1", plural, "")] {
    return Result<std::string>(path);
  };
  options.in_pages = true;
  return options;
}

}  // namespace

NodeWatch::NodeWatch(Client& client, NodeWatchOptions options)
    : options_(std::move(options)),
      nodes_(std::make_unique<Watched<Node>>(
          client, [](simdjson::dom::element node, const Node*) { return read_node(node); },
          Store<Node>::OnChange{}, all_of("nodes"), options_.on_problem)),
      pods_(std::make_unique<Watched<PlacedPod>>(
          client,
          [this](simdjson::dom::element pod, const PlacedPod* before) {
            return decode(pod, before);
          },
          Store<PlacedPod>::OnChange{}, all_of("pods", kLivePods), options_.on_problem)) {}

void NodeWatch::start() {
  nodes_->reflector().start();
  pods_->reflector().start();
}

/// A pod that has been placed stays where it is, with what it asks for.
Result<PlacedPod> NodeWatch::decode(simdjson::dom::element pod, const PlacedPod* before) {
  if (before != nullptr && !before->node.empty()) return *before;
  const auto spec = json::at(pod, "spec");
  const auto metadata = json::at(pod, "metadata");
  if (!spec || !metadata)
    return Error{.code = ErrorCode::kInvalid, .message = "a pod without spec"};
  Labels labels;
  if (const auto found = json::object_at(*metadata, "labels")) {
    for (const auto& [key, value] : *found) {
      if (value.is_string()) labels.emplace(key, std::string_view{value});
    }
  }
  bool of_daemon_set = false;
  if (const auto owners = json::array_at(*metadata, "ownerReferences")) {
    for (const simdjson::dom::element owner : *owners)
      of_daemon_set = of_daemon_set || json::string_at(owner, "kind") == "DaemonSet";
  }
  return PlacedPod{.node = std::string{json::string_at(*spec, "nodeName").value_or("")},
                   .on_every_node = of_daemon_set,
                   .labels = labels_.copy_of(std::move(labels)),
                   .requests = requests_.copy_of(read_requests(*spec))};
}

Result<std::shared_ptr<const NodePicture>> NodeWatch::picture() {
  for (const Reflector* reflector : reflectors()) {
    if (auto error = not_current(*reflector, options_.stale_after)) return *std::move(error);
  }
  const std::lock_guard lock(mutex_);
  const auto now = steady_clock::now();
  // Read before the stores, so that a change in between makes the next picture another one.
  const auto revision = nodes_->store().revision() + pods_->store().revision();
  const bool fresh =
      picture_ && (revision == revision_ || now - taken_at_ < options_.picture_every);
  if (!fresh) {
    picture_ = taken_now();
    revision_ = revision;
    taken_at_ = now;
  }
  return picture_;
}

std::shared_ptr<const NodePicture> NodeWatch::taken_now() const {
  std::vector<std::shared_ptr<const Node>> nodes;
  for (auto& [key, node] : nodes_->store().all()) nodes.push_back(std::move(node));
  auto picture = std::make_shared<NodePicture>(std::move(nodes));
  for (const auto& [key, pod] : pods_->store().all()) {
    if (!pod->node.empty()) picture->add(key.name_space, *pod);
  }
  return picture;
}

std::vector<Reflector*> NodeWatch::reflectors() const {
  return {&nodes_->reflector(), &pods_->reflector()};
}

}  // namespace edgetide::kube
