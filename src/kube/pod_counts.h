#pragma once

#include <simdjson.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "edgetide/model/observation.h"
#include "kube/pod_shape.h"
#include "kube/selector.h"
#include "kube/store.h"

namespace edgetide::kube {

/// The query for pods that are not at their end: those are of no interest, and a namespace of batch
/// jobs has many of them.
inline constexpr const char* kLivePods =
    "fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed";

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
  std::optional<Instant> ready_since;  ///< While it is Ready, where the API server says so.
  /// Since when it has a node and is not Ready; nothing for what is leaving.
  std::optional<Instant> unready_since;
  /// From its creation to its first Ready; nothing when it was not seen to become so.
  std::optional<Seconds> start_time;
  Instant created{};
  std::shared_ptr<const std::string> node;         ///< nullptr until it is placed.
  std::shared_ptr<const PodShape> shape;           ///< nullptr where nobody wants to know.
  std::optional<model::Unschedulable> lacks_node;  ///< Itself, if the scheduler finds none.
};

/// Trims a Pod, whose former self is `before`, if it was seen before. Never fails for an object
/// with metadata: what says nothing is Starting.
[[nodiscard]] Result<Pod> decode_pod(simdjson::dom::element pod, const Pod* before);

/// The same with its shape, which is read once: what changes later is of no template's making.
[[nodiscard]] Result<Pod> decode_shaped_pod(simdjson::dom::element pod, const Pod* before,
                                            Shared<PodShape>& shapes);

/// A pod that is Ready or on the way, and has been placed.
struct PlacedReplica {
  std::shared_ptr<const std::string> node;
  bool ready = false;
  std::optional<Instant> ready_since;
};

struct PodCounts {
  Replicas ready;
  Replicas starting;
  Replicas leaving;
  std::vector<Instant> ready_since;                   ///< Of those Ready, where it is known.
  std::vector<Instant> unready_since;                 ///< As DomainObservation::unready_since.
  std::optional<model::Unschedulable> unschedulable;  ///< Of those starting.
  std::shared_ptr<const PodShape> shape;  ///< Of the youngest; nullptr where there is none.
  std::shared_ptr<const std::vector<PlacedReplica>> placed;  ///< nullptr for none.

  /// What young caches do not carry yet, in whole replicas: one that has been Ready for a third of
  /// `warm_up` lacks two thirds of a replica, one of which nobody knows since when a whole one.
  [[nodiscard]] Replicas cold(Seconds warm_up, Instant now) const;

  /// All that count in quotas.
  [[nodiscard]] Replicas standing() const { return ready + starting + leaving; }
};

/// Counts a namespace's pods by selector, anew only after one of those pods has changed. Safe for
/// use from several threads at once.
class PodCounter {
 public:
  /// \pre every change of `pods` is noted, once it has been made
  [[nodiscard]] PodCounts count(const Store<Pod>& pods, const Selector& selector);

  void note(const std::shared_ptr<const Pod>& before, const std::shared_ptr<const Pod>& after);
  /// Lets go of all counts.
  void forget();

 private:
  using Label = std::pair<std::string, std::string>;
  struct Counted {
    Selector selector;
    PodCounts counts;
  };
  /// By the selector's text.
  using Counts = std::map<std::string, Counted>;

  /// \pre the mutex is held
  void drop(Counts& counts, const Pod& pod);

  std::mutex mutex_;
  /// By a label and the value that all pods have which are counted; both empty where there is no
  /// such label.
  std::map<Label, Counts> counted_;
};

}  // namespace edgetide::kube
