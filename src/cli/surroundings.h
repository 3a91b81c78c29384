#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cluster_client.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/event_class.h"
#include "edgetide/model/metric_source.h"
#include "kube/announced_event.h"

namespace edgetide::cli {

/// What a pool's decision rests on beside its own object, as it stands in the cluster.
struct Surroundings {
  /// What became of reading an EventCalendar.
  struct Calendar {
    std::string name;
    std::string reason;  ///< "Read", "Unreadable", "Empty"; empty before the first time.
    std::string message;
    std::optional<Instant> since;
    std::int64_t events = 0;  ///< Of the coming month.
  };

  std::optional<model::MetricSource> source;
  /// For the pool and not over, by start: StreamEvents, and the next ones of its calendars.
  std::vector<kube::AnnouncedEvent> events;
  std::vector<Calendar> calendars;         ///< For the pool.
  std::vector<model::EventClass> classes;  ///< Of the cluster, by name.
  /// Pools that draw from it, with what keeps it from being sized for them: "live-edge",
  /// "live-gateway (UpstreamUnsized)".
  std::vector<std::string> drawn_by;
  std::vector<std::string> unread;  ///< What could not be read, and why.
};

/// The next events of an EventCalendar, as its status tells them.
[[nodiscard]] std::vector<kube::AnnouncedEvent> next_events_of(const json::Value& calendar);

/// Asks for each of them once; what is refused is told in `unread`.
[[nodiscard]] Surroundings read_surroundings(const app::ClusterClient& cluster,
                                             const model::EdgePool& pool, Instant now);

}  // namespace edgetide::cli
