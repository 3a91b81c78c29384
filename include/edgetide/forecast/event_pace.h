#pragma once

#include <array>

#include "edgetide/forecast/pace_table.h"

namespace edgetide::forecast {

/// Where an event's evening stands.
struct EventPhase {
  double minute = 0;  ///< Since the start; negative before it.
  int kind = 0;       ///< Of its start: below EventPace::kKinds.

  /// Bin of three minutes from an hour before the start.
  [[nodiscard]] int bin() const {
    return static_cast<int>((minute - EventMemory::kFirstMinute) / EventMemory::kBinMinutes);
  }
};

/// How fast audiences of events grow and shrink: the mean change of log demand a minute, by minutes
/// from the start and by kind. A match in the afternoon of a working day draws people away from
/// other things than one on a Saturday night, so kinds are afternoon or evening, by working day or
/// weekend, all on the audience's wall clock.
///
/// A bin that was visited for m minutes counts as m/3 events, twenty at most. Of n events of a kind
/// with mean e and n_all of all kinds with mean e_all, what is expected is
///
///   (n e + 2 (n_all e_all + outlook) / (n_all + 1)) / (n + 2),
///
/// drawn to the other kinds like two more events, and those to the calendar's outlook like one.
class EventPace {
 public:
  static constexpr int kKinds = 4;

  bool operator==(const EventPace&) const = default;

  /// The kind of an event that starts at the local `time_of_week`.
  [[nodiscard]] static int kind_of(Seconds time_of_week);

  /// Notes that log demand changed by `growth` in the `minutes` until this phase.
  void learn(const EventPhase& phase, double growth, double minutes);

  /// The highest growth of log demand in the later half of the next `minutes`; `outlook` is what
  /// the calendar alone says of it.
  [[nodiscard]] double growth(const EventPhase& phase, int minutes, double outlook) const;

 private:
  static constexpr int kBins = EventMemory::kBins;

  [[nodiscard]] double pace(int bin, int kind, double outlook) const;

  std::array<PaceTable<kBins>, kKinds> tables_{};
};

}  // namespace edgetide::forecast
