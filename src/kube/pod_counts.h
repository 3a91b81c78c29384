#pragma once

#include <simdjson.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "edgetide/core/quantity.h"
#include "edgetide/core/result.h"
#include "kube/selector.h"
#include "kube/store.h"

namespace edgetide::kube {

/// What is kept of a pod.
struct Pod {
  enum class State {
    kReady,     ///< Serving: its Ready condition is True.
    kStarting,  ///< On the way: scheduled or not, but not Ready and not at its end.
    kLeaving,   ///< Being deleted or evicted, succeeded or failed.
  };
  Labels labels;
  State state = State::kStarting;
};

/// Trims a Pod. Never fails for an object with metadata: what says nothing is Starting.
[[nodiscard]] Result<Pod> decode_pod(simdjson::dom::element pod);

struct PodCounts {
  Replicas ready;
  Replicas starting;

  bool operator==(const PodCounts&) const = default;
};

/// Counts a namespace's pods by selector, anew only after some pod has changed.
class PodCounter {
 public:
  /// \pre `pods` outlives the counter.
  explicit PodCounter(const Store<Pod>& pods) : pods_(pods) {}

  [[nodiscard]] PodCounts count(const Selector& selector);

 private:
  const Store<Pod>& pods_;
  std::mutex mutex_;
  std::uint64_t revision_ = 0;
  std::map<std::string, PodCounts> counted_;  // by selector text, at that revision
};

}  // namespace edgetide::kube
