#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/ports/report_sink.h"
#include "json/json.h"
#include "kube/event_correlator.h"
#include "kube/outbox.h"

namespace edgetide::kube {

/// What a report and its outcome tell: ScaledUp, ScaledDown, ScaleFailed; and, as long as they
/// last, RehearsalFailed, Contended, DemandDoubted, CapacityShortfall, CapacityShortfallAhead,
/// RedundancyLost.
[[nodiscard]] std::vector<Occurrence> occurrences_in(const model::PlanReport& report,
                                                     const ports::ActOutcome& outcome);

/// One of our objects that an Event is about.
struct Regarded {
  std::string_view kind;
  ObjectKey key;
  std::string uid;
};

/// An events.k8s.io/v1 Event of that name.
[[nodiscard]] json::Value encode_event(const Regarded& object, const Occurrence& occurrence,
                                       Instant at, std::string_view instance,
                                       const std::string& name);

/// What is merged into an Event that was seen again.
[[nodiscard]] json::Value encode_event_series(const EventSeries& series);

/// Records Kubernetes Events, as few as EventCorrelator makes of them.
class EventRecorder {
 public:
  /// \pre `outbox` outlives the recorder's last call; its thread ends before the recorder does.
  EventRecorder(Outbox& outbox, std::string instance)
      : outbox_(outbox), instance_(std::move(instance)) {}

  /// With DemandBelieved, once, when a fall is doubted no more.
  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome);
  /// The same for something that lasts, of whatever object; no two objects share a reason and a
  /// key.
  void record(const Regarded& object, const Occurrence& occurrence, Instant at);
  void forget(const ObjectKey& pool);

  /// Events that the server did not take.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// Events that were not made, since there were too many of their object.
  [[nodiscard]] std::uint64_t held_back() const;

 private:
  /// Whether what is told of its viewers is believed again.
  [[nodiscard]] bool stops_doubting(const ObjectKey& pool, const model::PlanReport& report);
  void post(const ObjectKey& object, const EventSeries& series);
  void post(const ObjectKey& object, const json::Value& event, const std::string& name);

  Outbox& outbox_;
  std::string instance_;
  mutable std::mutex mutex_;
  EventCorrelator correlator_;
  std::set<ObjectKey> doubted_;  ///< Pools that were doubted when last told of.
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace edgetide::kube
