#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/event_class.h"
#include "edgetide/model/metric_source.h"
#include "json/json.h"
#include "kube/field_problem.h"
#include "kube/local_time.h"
#include "kube/selector.h"

/// Objects of our API group as values, and everything that is wrong with them.
///
/// The same rules stand in manifests/crds for the API server; tests hold the two against each
/// other, so that an object accepted there is never refused here for its shape, nor the reverse.
namespace edgetide::kube {

inline constexpr std::string_view kApiGroup = "edgetide.io";
inline constexpr std::string_view kApiVersion = "edgetide.io/v1alpha1";

using model::MetricSource;

/// A StreamEvent as its author wrote it: which pools and which moment it means is still to be
/// found.
struct StreamEventResource {
  ObjectKey key;
  std::string uid;
  std::int64_t generation = 0;

  std::string start;  ///< "2026-12-05T20:00:00" in `time_zone`, or with an offset of its own.
  std::string time_zone = "UTC";
  Seconds duration{0};
  std::string event_class;               ///< Empty: like no other.
  Selector pools;                        ///< By the pools' labels, within the event's namespace.
  std::optional<Viewers> expected_peak;  ///< In total over the selected pools.
  std::optional<Replicas> minimum_replicas;  ///< In each selected pool.
  std::optional<Seconds> ramp_up;
  std::optional<Seconds> overrun;

  bool operator==(const StreamEventResource&) const = default;
};

/// An EventCalendar as its author wrote it.
struct EventCalendarResource {
  ObjectKey key;
  std::string uid;
  std::int64_t generation = 0;

  std::string source;  ///< The ConfigMap or Secret in the calendar's namespace,
  std::string source_key;
  bool in_secret = false;
  Seconds refresh{300};
  std::string time_zone = "UTC";                             ///< Of times without one.
  std::string event_class;                                   ///< Empty: as its entries say.
  std::vector<std::pair<std::string, std::string>> classes;  ///< By a part of the name.
  Selector pools;
  std::optional<Seconds> ramp_up;
  std::optional<Seconds> overrun;

  bool operator==(const EventCalendarResource&) const = default;
};

/// What became of reading an EventCalendar, for its status.
struct CalendarReport {
  bool ready = false;
  std::string reason;  ///< Read, Unreadable or Empty.
  std::string message;
  Instant since{};                         ///< Since when it is ready, or not.
  std::vector<model::StreamEvent> coming;  ///< Of the coming month, also by the last good copy.
};

struct DecodeOptions {
  /// For files, where an unknown field is a slip of the pen. An API server has already dropped what
  /// its schema does not know; what a newer schema knows is not ours to refuse.
  bool refuse_unknown = false;
  /// A pool for calculations alone: it may leave out `demand` and its domains' targets.
  bool lone = false;
  /// Checks that time zones exist and that wall clocks show a time; nullptr leaves both unchecked.
  const LocalTime* local_time = nullptr;
};

// One object each, as the API server sends it or a manifest writes it. Whatever is absent has the
// default of the schema; problems name every field that is wrong, not only the first.

[[nodiscard]] Decoded<model::EdgePool> decode_pool(const json::Value& object,
                                                   const DecodeOptions& options = {});
[[nodiscard]] Decoded<StreamEventResource> decode_stream_event(const json::Value& object,
                                                               const DecodeOptions& options = {});
[[nodiscard]] Decoded<EventCalendarResource> decode_event_calendar(
    const json::Value& object, const DecodeOptions& options = {});
/// For server-side apply to its status.
[[nodiscard]] json::Value encode_event_calendar_status(const EventCalendarResource& calendar,
                                                       const CalendarReport& report);
[[nodiscard]] Decoded<MetricSource> decode_metric_source(const json::Value& object,
                                                         const DecodeOptions& options = {});
/// With what its status says was learned, as far as it can be used.
[[nodiscard]] Decoded<model::EventClass> decode_event_class(const json::Value& object,
                                                            const DecodeOptions& options = {});
/// What the class has learned, for server-side apply to its status.
[[nodiscard]] json::Value encode_event_class_status(const std::string& name,
                                                    const model::LearnedClass& learned);

}  // namespace edgetide::kube
