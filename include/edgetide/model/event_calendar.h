#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/small_vector.h"
#include "edgetide/core/time.h"
#include "edgetide/model/event_class.h"

namespace edgetide::model {

/// Of an event that says nothing of them, and whose class does not either.
inline constexpr Seconds kUsualRampUp{45 * 60};
inline constexpr Seconds kUsualOverrun{60 * 60};

/// A broadcast announced for a time: a match, a premiere, a show.
struct StreamEvent {
  std::string name;                      ///< Unique within the calendar; "video/final-2026".
  std::string event_class;               ///< What it is like: "football-knockout".
  Instant start;                         ///< Kick-off, not the pre-roll.
  Seconds duration{0};                   ///< Announced; the real end is an opinion of the audience.
  std::optional<Viewers> expected_peak;  ///< This pool's share of what people expect.
  std::optional<Replicas> minimum_replicas;  ///< A hard floor while the event is near.
  std::optional<Seconds> ramp_up;            ///< How long before the start viewers begin to come.
  std::optional<Seconds> overrun;            ///< How long after the announced end it may still run.
  std::optional<EventPrior> prior;           ///< What its class makes expect of it in this pool.

  [[nodiscard]] Instant end() const { return start + duration; }
  [[nodiscard]] Instant ramp_start() const { return start - ramp(); }
  [[nodiscard]] Seconds ramp() const { return ramp_up.value_or(kUsualRampUp); }
  /// Takes over what is known of its class and what the event does not say itself, for a pool with
  /// this share of the event's audience: at least a hundredth, since who has no viewers now may
  /// have some tonight.
  void follow(const KnownClass& known, double share);

  /// The last moment the event may still hold an audience.
  [[nodiscard]] Instant overrun_end() const { return end() + overrun.value_or(kUsualOverrun); }
};

/// Some of a calendar's events, mostly few.
using EventPointers = SmallVector<const StreamEvent*, 4>;

/// The events that concern one pool, by start. A copy shares them.
class EventCalendar {
 public:
  EventCalendar() = default;
  explicit EventCalendar(std::vector<StreamEvent> events);

  [[nodiscard]] std::span<const StreamEvent> events() const {
    return contents_ ? contents_->events : std::span<const StreamEvent>{};
  }

  /// Events whose ramp, run or overrun touches [from, to], by start. What it takes grows with the
  /// events that are near, and with the logarithm of all.
  [[nodiscard]] EventPointers touching(Instant from, Instant to) const;

 private:
  struct Contents {
    std::vector<StreamEvent> events;
    std::vector<Instant> last_ends;  ///< For each event, the last overrun end up to it.
    Seconds longest_ramp{0};
  };
  std::shared_ptr<const Contents> contents_;  ///< nullptr for no events.
};

}  // namespace edgetide::model
