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
  std::vector<kube::AnnouncedEvent> events;  ///< StreamEvents for the pool, not over; by start.
  std::vector<Calendar> calendars;           ///< For the pool.
  std::vector<model::EventClass> classes;    ///< Of the cluster, by name.
  std::vector<std::string> unread;           ///< What could not be read, and why.
};

/// Asks for each of them once; what is refused is told in `unread`.
[[nodiscard]] Surroundings read_surroundings(const app::ClusterClient& cluster,
                                             const model::EdgePool& pool, Instant now);

}  // namespace edgetide::cli
