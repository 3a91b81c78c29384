#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"
#include "kube/discovery.h"
#include "kube/pod_counts.h"
#include "kube/scale_client.h"
#include "kube/watched.h"

namespace edgetide::kube {

/// A scale target with its namespace.
struct TargetKey {
  std::string name_space;
  model::ScaleTarget target;

  auto operator<=>(const TargetKey&) const = default;
};

struct TargetWatchesOptions {
  /// A watch that has been down for longer makes what it feeds unknown.
  std::chrono::milliseconds stale_after{60'000};
  std::chrono::milliseconds retry_read_after{5'000};  ///< A failed reading of a scale.
  /// Told when a target's spec may have changed, when it came or went; from watching threads.
  std::function<void(const TargetKey&)> on_change;
  std::function<void(const std::string&)> on_problem;
};

/// The targets of all pools: one metadata watch a kind and namespace, one pod watch a namespace,
/// and the scale of each target, read again only when its metadata show a version that is newer.
/// Safe for use from several threads at once.
class TargetWatches {
 public:
  TargetWatches(Client& client, TargetWatchesOptions options);

  /// Watches what these targets need and nothing else. \pre no two calls at once.
  void follow(const std::vector<TargetKey>& targets);

  /// What stands there, or why that is not known.
  [[nodiscard]] model::DomainObservation observe(const TargetKey& key);

  /// As ports::PoolRepository::scale.
  [[nodiscard]] Result<void> scale(const TargetKey& key, Replicas from, Replicas to);

  /// Watches that have not been filled yet and may still be, by name.
  [[nodiscard]] std::vector<std::string> unsynced() const;
  void add_statistics(std::map<std::string, WatchStatistics>& into) const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Metadata {
    std::int64_t generation = 0;
    std::string resource_version;
  };
  struct KindKey {
    std::string name_space;
    std::string api_version;
    std::string kind;
    auto operator<=>(const KindKey&) const = default;
  };
  struct Pods;
  using Kinds = std::map<KindKey, std::shared_ptr<Watched<Metadata>>>;
  using Namespaces = std::map<std::string, std::shared_ptr<Pods>>;
  /// What was last read of one target's scale.
  struct Reading {
    std::optional<Scale> scale;
    SteadyTime read_at{};
    std::optional<Error> error;
    SteadyTime retry_at{};
  };

  [[nodiscard]] std::shared_ptr<Watched<Metadata>> start_kind(const KindKey& key);
  [[nodiscard]] std::shared_ptr<Pods> start_pods(const std::string& name_space);
  [[nodiscard]] std::shared_ptr<Watched<Metadata>> kind_of(const TargetKey& key) const;
  [[nodiscard]] std::shared_ptr<Pods> pods_of(const TargetKey& key) const;
  [[nodiscard]] std::optional<Error> not_current(const Reflector& reflector) const;
  [[nodiscard]] Result<ScaleClient::Target> address(const TargetKey& key);
  [[nodiscard]] Result<Scale> scale_of(const TargetKey& key);
  [[nodiscard]] Result<Scale> read_scale(const TargetKey& key);
  [[nodiscard]] Result<PodCounts> counts_of(const TargetKey& key, const Scale& scale);
  void keep(const TargetKey& key, const Scale& scale);
  void forget(const TargetKey& key);

  Client& client_;
  TargetWatchesOptions options_;
  Discovery discovery_;
  ScaleClient scales_;

  mutable std::mutex mutex_;
  std::map<TargetKey, Reading> readings_;
  Kinds kinds_;            // last: their threads call back
  Namespaces namespaces_;
};

}  // namespace edgetide::kube
