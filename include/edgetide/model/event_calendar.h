#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/event_class.h"

namespace edgetide::model {

/// A broadcast announced for a time: a match, a premiere, a show.
struct StreamEvent {
  std::string name;                      ///< Unique within the calendar; "video/final-2026".
  std::string event_class;               ///< What it is like: "football-knockout".
  Instant start;                         ///< Kick-off, not the pre-roll.
  Seconds duration{0};                   ///< Announced; the real end is an opinion of the audience.
  std::optional<Viewers> expected_peak;  ///< This pool's share of what people expect.
  std::optional<Replicas> minimum_replicas;  ///< A hard floor while the event is near.
  Seconds ramp_up{45 * 60};                  ///< How long before the start viewers begin to come.
  Seconds overrun{60 * 60};                  ///< How long after the announced end it may still run.
  std::optional<EventPrior> prior;           ///< What its class makes expect of it in this pool.

  [[nodiscard]] Instant end() const { return start + duration; }
  [[nodiscard]] Instant ramp_start() const { return start - ramp_up; }
  /// Takes over what is known of its class, for a pool with this share of the event's audience: at
  /// least a hundredth, since who has no viewers now may have some tonight.
  void follow(const KnownClass& known, double share);

  /// The last moment the event may still hold an audience.
  [[nodiscard]] Instant overrun_end() const { return end() + overrun; }
};

/// The events that concern one pool, by start.
class EventCalendar {
 public:
  EventCalendar() = default;
  explicit EventCalendar(std::vector<StreamEvent> events);

  [[nodiscard]] std::span<const StreamEvent> events() const { return events_; }

  /// Events whose ramp, run or overrun touches [from, to], by start. What it takes grows with the
  /// events that are near, and with the logarithm of all.
  [[nodiscard]] std::vector<const StreamEvent*> touching(Instant from, Instant to) const;

 private:
  std::vector<StreamEvent> events_;
  std::vector<Instant> last_ends_;  ///< For each event, the last overrun end up to it.
  Seconds longest_ramp_{0};
};

}  // namespace edgetide::model
