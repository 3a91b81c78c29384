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
#include "kube/scale_cache.h"
#include "kube/scale_client.h"
#include "kube/scale_fields.h"
#include "kube/watched.h"

namespace edgetide::kube {

struct TargetWatchesOptions {
  /// A watch that has been down for longer makes what it feeds unknown.
  std::chrono::milliseconds stale_after{60'000};
  ScaleCache::Options scales{};
  /// Told when a target's spec may have changed, when it came or went; from watching threads.
  std::function<void(const TargetKey&)> on_change;
  std::function<void(const std::string&)> on_problem;
};

/// The pods of a target, for who asks what room there is for more of them.
struct TargetPods {
  Selector selector;
  Replicas standing;                      ///< All that count in quotas.
  std::shared_ptr<const PodShape> shape;  ///< Of the youngest; nullptr where none stands.
};

/// The targets of all pools: one watch a kind and namespace, one pod watch a namespace, and the
/// scale of each target. Of kinds that are known to hold what their scale says the watch shows it;
/// of others it is read, and again only when the watch shows a version that is newer. Safe for use
/// from several threads at once.
class TargetWatches {
 public:
  TargetWatches(Client& client, TargetWatchesOptions options);

  /// Watches what these targets need and nothing else. \pre no two calls at once.
  void follow(const std::vector<TargetKey>& targets);

  /// An autoscaler's own maximum; nothing when it is not known, and for other kinds of targets.
  [[nodiscard]] std::optional<Replicas> most(const TargetKey& key);

  /// What stands there, or why that is not known.
  /// \param warm_up from Ready until a replica serves fully
  [[nodiscard]] model::DomainObservation observe(const TargetKey& key,
                                                 Seconds warm_up = Seconds{0});

  /// Its pods, or why they are not known.
  [[nodiscard]] Result<TargetPods> pods(const TargetKey& key);
  /// The same in numbers; of a target whose scale names no selector by what that says.
  [[nodiscard]] Result<PodCounts> counts(const TargetKey& key);

  /// Reads the scales that are not known yet, several at once, for at most the time given: what
  /// `observe` would do one by one.
  void read_ahead(const std::vector<TargetKey>& targets, std::chrono::milliseconds at_most);

  /// As ports::PoolRepository::scale.
  [[nodiscard]] Result<void> scale(const TargetKey& key, Replicas from, Replicas to);
  /// As ports::PoolRepository::rehearse; what would stand.
  [[nodiscard]] Result<Scale> rehearse(const TargetKey& key, Replicas to);

  /// Those that run now. \pre used before the next call of `follow`.
  [[nodiscard]] std::vector<Reflector*> reflectors() const;

 private:
  struct KindKey {
    std::string name_space;
    std::string api_version;
    std::string kind;
    auto operator<=>(const KindKey&) const = default;
  };
  struct Pods;
  using Kinds = std::map<KindKey, std::shared_ptr<Watched<ShownTarget>>>;
  using Namespaces = std::map<std::string, std::shared_ptr<Pods>>;
  [[nodiscard]] std::shared_ptr<Watched<ShownTarget>> start_kind(const KindKey& key);
  [[nodiscard]] std::shared_ptr<Pods> start_pods(const std::string& name_space);
  [[nodiscard]] std::shared_ptr<Watched<ShownTarget>> kind_of(const TargetKey& key) const;
  [[nodiscard]] std::shared_ptr<Pods> pods_of(const TargetKey& key) const;
  [[nodiscard]] Result<ScaleClient::Target> address(const TargetKey& key);
  [[nodiscard]] Result<Scale> scale_of(const TargetKey& key);
  [[nodiscard]] Result<Scale> read_scale(const TargetKey& key);
  /// Its path; takes up where its objects hold what their scale says.
  [[nodiscard]] Result<std::string> collection(const KindKey& key,
                                               std::optional<ScaleFields>& fields);
  /// From the server; of an autoscaler with the pods of what it scales.
  [[nodiscard]] Result<Scale> fetch(const TargetKey& key);
  [[nodiscard]] Result<PodCounts> counts_of(const TargetKey& key, const Scale& scale);
  /// As StartTimes::slow_start, of a target whose scale names its pods.
  [[nodiscard]] std::optional<Seconds> slow_start(const TargetKey& key, const Scale& scale) const;

  Client& client_;
  TargetWatchesOptions options_;
  Discovery discovery_;
  ScaleClient scales_;
  ScaleCache cache_;

  mutable std::mutex mutex_;
  Kinds kinds_;  // last: their threads call back
  Namespaces namespaces_;
};

}  // namespace edgetide::kube
