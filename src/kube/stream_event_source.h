#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "edgetide/ports/event_source.h"
#include "kube/announced_event.h"
#include "kube/demand_shares.h"
#include "kube/event_calendars.h"
#include "kube/event_classes.h"
#include "kube/local_time.h"
#include "kube/pool_repository.h"
#include "kube/watched.h"

namespace edgetide::kube {

struct StreamEventSourceOptions {
  std::vector<std::string> namespaces;  ///< Empty for all.
  LocalTime local_time;
  std::function<void(const ObjectKey&)> on_change;  ///< A pool whose events may have changed.
  std::function<void(const std::string&)> on_problem;
};

/// The events that StreamEvents and EventCalendars announce, and the time zones of pools.
class StreamEventSource final : public ports::EventSource {
 public:
  /// \pre `pools`, `classes` and `calendars` outlive the source.
  StreamEventSource(Client& client, const PoolRepository& pools, EventClasses& classes,
                    const EventCalendars& calendars, StreamEventSourceOptions options);

  void start();

  model::EventCalendar calendar(const model::EdgePool& pool) override;
  model::UtcOffsets offsets(const model::EdgePool& pool) override;

  /// An event's expected peak is a total over its pools, shared out by DemandShares.
  void note_demand(const ObjectKey& pool, Viewers demand) override { shares_.note(pool, demand); }
  void forget_demand(const ObjectKey& pool) { shares_.forget(pool); }
  void note_outcome(const ObjectKey& pool, const model::EventOutcome& outcome) override {
    classes_.note_outcome(pool, outcome);
  }

  [[nodiscard]] std::vector<Reflector*> reflectors() const;

 private:
  using KeptEvent = AnnouncedEvent;
  using Events = Watched<KeptEvent>;

  [[nodiscard]] Result<KeptEvent> decode(simdjson::dom::element object,
                                         const KeptEvent* before) const;
  void event_changed(const KeptEvent* before, const KeptEvent* after) const;
  [[nodiscard]] model::StreamEvent share_of(const model::EdgePool& pool, const KeptEvent& event);

  const PoolRepository& pools_;
  EventClasses& classes_;
  const EventCalendars& calendars_;
  StreamEventSourceOptions options_;
  DemandShares shares_;
  std::mutex zones_mutex_;
  std::map<std::string, model::UtcOffsets> zones_;
  std::vector<std::unique_ptr<Events>> events_;  // last: their threads call back
};

}  // namespace edgetide::kube
