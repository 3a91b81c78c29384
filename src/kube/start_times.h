#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "edgetide/core/time.h"
#include "kube/pod_counts.h"
#include "kube/scale_cache.h"
#include "kube/selector.h"

namespace edgetide::kube {

/// How long the last 50 starts of each target took, whatever else starts in its namespace. Safe for
/// use from several threads.
class StartTimes {
 public:
  /// Takes up a start, if that is what the change is.
  void note(const std::shared_ptr<const Pod>& before, const std::shared_ptr<const Pod>& after);

  /// The 95th percentile, by rank, of the target's last 50 starts; nothing below ten. Those count
  /// that are noted after the target was first asked for by that selector.
  [[nodiscard]] std::optional<Seconds> slow_start(const TargetKey& target,
                                                  const Selector& selector);

  void forget_all_but(const std::set<TargetKey>& targets);

 private:
  /// A label and the value that all pods of a target have; both empty where there is no such label.
  using Label = std::pair<std::string, std::string>;
  struct Followed {
    Selector selector;
    std::vector<Seconds> last;  ///< Of 50, the oldest is replaced:
    std::size_t oldest = 0;

    void add(Seconds time);
  };
  using Targets = std::map<TargetKey, Followed>;

  mutable std::mutex mutex_;
  std::map<Label, Targets> followed_;
  std::map<TargetKey, Label> labels_;  ///< Under which each is followed.
};

}  // namespace edgetide::kube
