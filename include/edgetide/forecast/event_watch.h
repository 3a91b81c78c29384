#pragma once

#include <span>
#include <vector>

#include "edgetide/model/demand_history.h"
#include "edgetide/model/event_calendar.h"

namespace edgetide::forecast {

/// Watches what a pool's events bring, for what their classes teach: from the beginning of the ramp
/// until the overrun has ended, or what `EventBins` reach.
///
/// Only an event seen from before its start is watched, and one that brought less than a twentieth
/// of who was there teaches nothing: it was cancelled or stood at a wrong hour. Of events that
/// start together the first by name counts for all. At most eight at a time.
class EventWatch {
 public:
  /// Samples that rise in time; those not after all earlier ones are ignored. An event that is no
  /// longer announced, or for another time, is watched no more.
  void advance(std::span<const model::DemandSample> samples, const model::EventCalendar& calendar);

  /// Those that have ended since this was last asked; the last 64 of them.
  [[nodiscard]] std::vector<model::EventOutcome> take_finished();

 private:
  struct Watched {
    model::EventOutcome outcome;
    Instant until;
    double before = 0;  ///< Viewers when the ramp began.
  };

  void advance_an_hour(std::span<const model::DemandSample> samples,
                       const model::EventCalendar& calendar);
  void follow(const model::DemandSample& sample, std::span<const model::StreamEvent* const> near);
  void finish(const Watched& watched);

  std::vector<Watched> watched_;
  std::vector<model::EventOutcome> finished_;
  Instant last_{};
};

}  // namespace edgetide::forecast
