#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/event_calendar.h"
#include "kube/announced_event.h"
#include "kube/event_recorder.h"
#include "kube/outbox.h"
#include "kube/watched.h"

namespace edgetide::kube {

/// An iCalendar text as events, because this folder knows no iCalendar: those that start from then
/// to then; `zone` is for times without one. Errors name the place within `name`.
using CalendarReader =
    std::function<Result<model::EventCalendar>(std::string_view text, std::string_view name,
                                               Instant from, Instant to, const std::string& zone)>;

struct EventCalendarsOptions {
  std::vector<std::string> namespaces;  ///< Empty for all.
  CalendarReader read;                  ///< Empty: no calendar is followed.
  std::function<Instant()> now;
  std::function<bool()> writes;  ///< Whether this replica writes at this moment.
  /// Pools of this namespace and with such labels have other events now.
  std::function<void(const std::string& name_space, const Selector& pools)> on_change;
  std::function<void(const std::string&)> on_problem;
};

/// The EventCalendars of the cluster, each read again and again by a thread of its own.
///
/// A calendar that cannot be read, or that has suddenly nothing to announce for the coming month,
/// keeps what it last said, and tells so by its condition Ready, an Event and a line in the log.
/// Safe for use from several threads.
class EventCalendars {
 public:
  using Events = std::vector<std::shared_ptr<const AnnouncedEvent>>;

  /// \pre `outbox` and `recorder` outlive the last call.
  EventCalendars(Client& client, Outbox& outbox, EventRecorder& recorder,
                 EventCalendarsOptions options);
  ~EventCalendars() { stop(); }

  void start();
  void stop();

  /// What they announce for the pool.
  [[nodiscard]] Events of(const model::EdgePool& pool) const;
  /// Those that have not been looked at yet: "eventcalendar video/season".
  [[nodiscard]] std::vector<std::string> waiting() const;
  [[nodiscard]] std::vector<Reflector*> reflectors() const;
  /// Whether each could be read when last looked at.
  [[nodiscard]] std::map<ObjectKey, bool> readiness() const;

 private:
  using Resources = Watched<EventCalendarResource>;

  /// What is known of one calendar.
  struct Known {
    EventCalendarResource resource;
    std::optional<Instant> looked_at;
    CalendarReport report;
    Events events;
    bool told = false;    ///< Of the report, by this replica; a standby tells when it leads.
    std::string written;  ///< Its status, as it was last posted.
  };

  void run(std::stop_token stop);
  void look_at_due();
  void look_at(const EventCalendarResource& resource);
  void take(Known& known, const Result<model::EventCalendar>& read, Instant now);
  void tell_all();
  void tell(Known& known, Instant now);

  Client& client_;
  Outbox& outbox_;
  EventRecorder& recorder_;
  EventCalendarsOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<ObjectKey, Known> known_;
  std::vector<std::unique_ptr<Resources>> resources_;  // their threads call back
  std::jthread thread_;
};

}  // namespace edgetide::kube
