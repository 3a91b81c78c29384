#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/ports/event_source.h"
#include "kube/announced_event.h"
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

  /// An event's expected peak is a total over its pools: each one's share is its share of the
  /// demand. Pools that were not heard of count as the mean of the others, and
  /// all as equal when there are no others.
  void note_demand(const ObjectKey& pool, Viewers demand) override;
  void forget_demand(const ObjectKey& pool);
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
  /// Shares of the demand by selector, so that each is worked out once.
  using SharesKnown = std::vector<std::pair<const Selector*, double>>;

  [[nodiscard]] model::StreamEvent share_of(const model::EdgePool& pool, const KeptEvent& event,
                                            SharesKnown& shares) const;
  [[nodiscard]] double demand_share(const model::EdgePool& pool, const Selector& selector) const;

  const PoolRepository& pools_;
  EventClasses& classes_;
  const EventCalendars& calendars_;
  StreamEventSourceOptions options_;
  mutable std::mutex mutex_;
  std::map<ObjectKey, Viewers> demand_;
  std::map<std::string, model::UtcOffsets> zones_;
  std::vector<std::unique_ptr<Events>> events_;  // last: their threads call back
};

/// The share of the first of these in their sum, where nothing stands for the mean of the others.
/// Equal shares when nothing is known of any, or when nobody is watching. \pre not empty.
[[nodiscard]] double first_share(const std::vector<std::optional<double>>& weights);

}  // namespace edgetide::kube
