#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/time.h"

namespace edgetide::kube {

/// Something about an object that is worth a Kubernetes Event.
struct Occurrence {
  std::string_view reason;  ///< From the documented list: "ScaledUp".
  std::string_view action;  ///< What was being done: "Scale".
  bool warning = false;
  std::string note;     ///< A sentence with the numbers, at most 1024 bytes.
  std::string cause{};  ///< From the documented list, of what has one: "MaximumReached".
};

/// What the API server is to be told of an Event that is there: `series` of events.k8s.io/v1.
struct EventSeries {
  std::string event;  ///< Its name.
  int count = 0;      ///< How often it was seen, the first time included: two at least.
  Instant last_seen;
};

/// Turns what is seen again and again into few writes, much as client-go's event broadcaster and
/// its spam filter do: the first time is an Event, the second one its series of two, and from there
/// on it is counted here and told each half hour and when it has ended.
///
/// What lasts, such as a shortfall, has ended when two minutes went by without it; its Event is
/// made anew at the half hour when its note has changed, since notes of Events never do, and after
/// a minute when its cause has, which takes other hands. A change of size has a note of its own, so
/// that it is counted for a minute and then is an Event again. An object may have 25 Events in a
/// row, then one each five minutes.
class EventCorrelator {
 public:
  struct Options {
    Seconds change_counts{60};
    Seconds lasting_ends{120};
    Seconds heartbeat{1800};
    int burst = 25;
    Seconds another_after{300};
  };

  /// What is to be written now.
  struct Telling {
    std::optional<EventSeries> series;  ///< Of an Event that stands, if any;
    std::optional<std::string> event;   ///< and the name of one to be made, if any.
  };

  EventCorrelator() : EventCorrelator(Options{}) {}
  explicit EventCorrelator(const Options& options) : options_(options) {}

  /// It was seen now.
  [[nodiscard]] Telling see(const ObjectKey& object, const Occurrence& occurrence, Instant now);
  /// The last words on what has ended by now.
  [[nodiscard]] std::vector<EventSeries> end_of(const ObjectKey& object, Instant now);
  /// An Event is gone: what was counted in it is an Event when it is seen again.
  void forget_event(const ObjectKey& object, std::string_view event);
  void forget(const ObjectKey& object) { objects_.erase(object); }

  /// Events that were not made, since there were too many of their object.
  [[nodiscard]] std::uint64_t held_back() const { return held_back_; }

 private:
  struct Kept {
    EventSeries series;
    std::string note;
    std::string cause;
    Instant first_seen;
    Instant told_at;
    int told_count = 0;
  };
  struct Object {
    double tokens = 0;
    Instant filled_at;
    std::map<std::string, Kept, std::less<>> by_reason;
  };

  [[nodiscard]] bool has_ended(std::string_view reason, const Kept& kept, Instant now) const;
  /// Takes one of the object's tokens; false when it has none.
  [[nodiscard]] bool may_make_event(Object& object, Instant now) const;
  /// The series as it is now, noted as told.
  [[nodiscard]] static EventSeries tell(Kept& kept, Instant now);

  Options options_;
  std::map<ObjectKey, Object> objects_;
  std::uint64_t serial_ = 0;
  std::uint64_t held_back_ = 0;
};

}  // namespace edgetide::kube
