#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kube/node_room.h"
#include "kube/watched.h"

namespace edgetide::kube {

struct NodeWatchOptions {
  /// A watch that has been down for longer makes the nodes unknown.
  std::chrono::milliseconds stale_after{60'000};
  /// A picture is taken anew when it is older, and something has changed.
  std::chrono::milliseconds picture_every{30'000};
  std::function<void(const std::string&)> on_problem;
};

/// The nodes of the cluster and everybody's pods on them, from one watch each, whatever the number
/// of pools. Safe for use from several threads at once.
class NodeWatch {
 public:
  NodeWatch(Client& client, NodeWatchOptions options);

  void start();

  /// The same one for a while, or why the nodes are not known.
  [[nodiscard]] Result<std::shared_ptr<const NodePicture>> picture();

  [[nodiscard]] std::vector<Reflector*> reflectors() const;

 private:
  [[nodiscard]] Result<PlacedPod> decode(simdjson::dom::element pod, const PlacedPod* before);
  [[nodiscard]] std::shared_ptr<const NodePicture> taken_now() const;

  NodeWatchOptions options_;
  Shared<Labels> labels_;
  Shared<Resources> requests_;
  std::mutex mutex_;
  std::shared_ptr<const NodePicture> picture_;
  std::uint64_t revision_ = 0;
  std::chrono::steady_clock::time_point taken_at_{};
  std::unique_ptr<Watched<Node>> nodes_;
  std::unique_ptr<Watched<PlacedPod>> pods_;  // last: their threads call back
};

}  // namespace edgetide::kube
