#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "edgetide/model/metric_source.h"
#include "edgetide/ports/event_source.h"
#include "edgetide/ports/pool_repository.h"
#include "edgetide/ports/report_sink.h"
#include "kube/access.h"
#include "kube/event_calendars.h"
#include "kube/local_time.h"
#include "kube/rate_limit.h"
#include "kube/statistics.h"

namespace edgetide::kube {

struct ClusterOptions {
  std::vector<std::string> namespaces;  ///< Pools and events of these only; empty for all.
  LocalTime local_time;                 ///< From the calendar adapter; both functions set.
  CalendarReader read_calendar;         ///< From there too; empty: EventCalendars are not followed.
  std::string user_agent = "edgetide";
  std::string instance = "edgetide";  ///< This replica, for Kubernetes Events: the pod's name.
  /// Told of everything that goes wrong in the background, one line each, repeats left out; from
  /// any thread. May be empty.
  std::function<void(const std::string&)> on_problem;
  /// As ClientOptions::on_throttled.
  std::function<void(const std::string&)> on_throttled;
  std::optional<RateLimit::Options> rate_limit;  ///< Of all requests; elections have none.
  /// The time of day, for the status of a pool that cannot be used, of which no plan will tell.
  /// Set, unless `writes_status` is false.
  std::function<Instant()> now;
  bool writes_status = true;  ///< False for `edgetide plan`: then nothing is ever written.
  bool node_room = false;     ///< As RoomFinderOptions::nodes.
  /// As ClientOptions::write_permit, and the epoch of the lead that it comes from, where replicas
  /// elect a leader; both empty where there is one replica.
  std::function<std::optional<std::chrono::milliseconds>()> write_permit;
  std::function<std::int64_t()> epoch;
};

/// One Kubernetes cluster, seen through watches and changed through `scale`, `status` and Events.
///
/// Everything that is read comes from caches that watches keep up to date; a cache that has lost
/// its watch for a minute says so (`DomainObservation::known`) rather than answer with old counts.
/// Safe for use from several threads at once, except `start`, `stop` and `set_on_change`.
class Cluster {
 public:
  /// Prepares everything and contacts nobody yet. kInvalid on an access that cannot be used.
  [[nodiscard]] static Result<std::unique_ptr<Cluster>> open(const Access& access,
                                                             ClusterOptions options);
  /// The same over another way to the server.
  [[nodiscard]] static std::unique_ptr<Cluster> over(std::unique_ptr<http::Transport> transport,
                                                     const Credential& credential,
                                                     ClusterOptions options);
  /// Stops.
  virtual ~Cluster() = default;

  /// Called with the key of a pool when its spec, an event for it, or the spec of one of its
  /// targets changed, from watching threads: returns quickly. \pre not started.
  virtual void set_on_change(std::function<void(const ObjectKey&)> on_change) = 0;

  /// Begins to watch; returns at once.
  virtual void start() = 0;

  /// Waits until every cache has been filled once, those of the pools' targets included. kTimeout
  /// with the resources that are missing and what keeps them; kUnauthorized or kForbidden as soon
  /// as the server has said so.
  [[nodiscard]] virtual Result<void> wait_until_synced(std::chrono::milliseconds deadline) = 0;

  /// Reads the scales of all targets, several at a time and for at most thirty seconds, so that the
  /// first look at each pool finds them.
  virtual void read_ahead() = 0;

  /// Writes the statuses that still wait, for at most two seconds, and ends every thread.
  virtual void stop() = 0;

  [[nodiscard]] virtual ports::PoolRepository& pools() = 0;
  [[nodiscard]] virtual ports::EventSource& events() = 0;
  /// Status and Kubernetes Events.
  [[nodiscard]] virtual ports::ReportSink& reports() = 0;

  /// What is wrong with the pool as it is written now, a line each; empty when nothing is, also for
  /// a pool that does not exist. `pools().find()` meanwhile answers with the last good version.
  [[nodiscard]] virtual std::vector<std::string> problems(const ObjectKey& pool) const = 0;

  /// The EventCalendars, and whether each could be read when last looked at.
  [[nodiscard]] virtual std::map<ObjectKey, bool> calendars_ready() const = 0;

  /// The highest epoch of a leader in the pools' statuses; zero when there is none.
  [[nodiscard]] virtual std::int64_t known_epoch() const = 0;
  /// Writes the statuses of the pools that cannot be used, of which no plan will tell: for a
  /// replica that has begun to lead.
  virtual void tell_unusable() = 0;

  /// The usable MetricSources by name.
  [[nodiscard]] virtual std::map<std::string, model::MetricSource> metric_sources() const = 0;
  /// Grows with every change of a MetricSource: an unchanged number is an unchanged set.
  [[nodiscard]] virtual std::uint64_t metric_sources_version() const = 0;

  /// The decoded data of a Secret, read now. Never logged, never kept.
  [[nodiscard]] virtual Result<std::map<std::string, std::string>> secret(const ObjectKey& key) = 0;

  [[nodiscard]] virtual Statistics statistics() const = 0;
};

}  // namespace edgetide::kube
