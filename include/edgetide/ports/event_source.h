#pragma once

#include "edgetide/core/ids.h"
#include "edgetide/core/quantity.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::ports {

/// Where announced events and local time come from.
class EventSource {
 public:
  virtual ~EventSource() = default;

  /// The events that concern the pool, past ones included as far as they are still known. A source
  /// that cannot be read keeps answering with the last good copy.
  [[nodiscard]] virtual model::EventCalendar calendar(const model::EdgePool& pool) = 0;

  /// The pool's time zone; UTC when its name is unknown, which was reported when the pool was read.
  [[nodiscard]] virtual model::UtcOffsets offsets(const model::EdgePool& pool) = 0;

  /// What the pool serves now, for sources that share an event's audience out by it.
  virtual void note_demand(const ObjectKey&, Viewers) {}

  /// What a finished event brought to the pool, for sources that keep what classes of events teach.
  /// The same event may be told again, as after a restart.
  virtual void note_outcome(const ObjectKey&, const model::EventOutcome&) {}
};

}  // namespace edgetide::ports
