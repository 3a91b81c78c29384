#pragma once

#include <simdjson.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "edgetide/core/quantity.h"
#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
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
  bool has_served = false;
  /// From its creation to its first Ready; nothing when it was not seen to become so.
  std::optional<Seconds> start_time;
};

/// Trims a Pod, whose former self is `before`, if it was seen before. Never fails for an object
/// with metadata: what says nothing is Starting.
[[nodiscard]] Result<Pod> decode_pod(simdjson::dom::element pod, const Pod* before);

/// How long the last starts in a namespace took. Safe for use from several threads.
class StartTimes {
 public:
  /// Takes up a start, if that is what the change is.
  void note(const std::shared_ptr<const Pod>& before, const std::shared_ptr<const Pod>& after);

  /// The 95th percentile, by rank, of the last 50 starts of the selector's pods; nothing below ten.
  [[nodiscard]] std::optional<Seconds> slow_start(const Selector& selector) const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const Pod>> started_;  ///< The last thousand, by time.
};

struct PodCounts {
  Replicas ready;
  Replicas starting;
  std::optional<Seconds> start_time;  ///< As StartTimes::slow_start.

  bool operator==(const PodCounts&) const = default;
};

/// Counts a namespace's pods by selector, anew only after some pod has changed.
class PodCounter {
 public:
  /// \pre both outlive the counter.
  PodCounter(const Store<Pod>& pods, const StartTimes& starts) : pods_(pods), starts_(starts) {}

  [[nodiscard]] PodCounts count(const Selector& selector);

 private:
  const Store<Pod>& pods_;
  const StartTimes& starts_;
  std::mutex mutex_;
  std::uint64_t revision_ = 0;
  std::map<std::string, PodCounts> counted_;  // by selector text, at that revision
};

}  // namespace edgetide::kube
