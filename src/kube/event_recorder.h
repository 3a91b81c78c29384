#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/ports/report_sink.h"
#include "json/json.h"
#include "kube/outbox.h"

namespace edgetide::kube {

/// Something about an object that is worth a Kubernetes Event.
struct Occurrence {
  std::string_view reason;  ///< From the documented list: "ScaledUp".
  std::string_view action;  ///< What was being done: "Scale".
  bool warning = false;
  std::string note;  ///< A sentence with the numbers, at most 1024 bytes.
};

/// What a report and its outcome tell: ScaledUp, ScaledDown, ScaleFailed; and, as long as they
/// last, RehearsalFailed, Contended, CapacityShortfall, CapacityShortfallAhead, RedundancyLost.
[[nodiscard]] std::vector<Occurrence> occurrences_in(const model::PlanReport& report,
                                                     const ports::ActOutcome& outcome);

/// One of our objects that an Event is about.
struct Regarded {
  std::string_view kind;
  ObjectKey key;
  std::string uid;
};

/// An events.k8s.io/v1 Event. `serial` tells events of one second apart.
[[nodiscard]] json::Value encode_event(const Regarded& object, const Occurrence& occurrence,
                                       Instant at, std::string_view instance, std::uint64_t serial);

/// Records Kubernetes Events, without repeating itself: a change of size at most once a minute for
/// each pool and reason, what lasts when it begins and every half hour.
class EventRecorder {
 public:
  /// \pre `outbox` outlives the recorder's last call; its thread ends before the recorder does.
  EventRecorder(Outbox& outbox, std::string instance)
      : outbox_(outbox), instance_(std::move(instance)) {}

  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome);
  /// The same for something that lasts, of whatever object; no two objects share a reason and a
  /// key.
  void record(const Regarded& object, const Occurrence& occurrence, Instant at);
  void forget(const ObjectKey& pool);

  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  struct Told {
    Instant at;    ///< When an event was last made of it
    Instant seen;  ///< and when it last held.
  };

  /// Whether to make an event of it now; notes that it holds.
  [[nodiscard]] bool is_news(std::map<std::string_view, Told>& told, const Occurrence& occurrence,
                             Instant now);

  Outbox& outbox_;
  std::string instance_;
  std::mutex mutex_;
  std::map<ObjectKey, std::map<std::string_view, Told>> told_;
  std::uint64_t serial_ = 0;
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace edgetide::kube
