#pragma once

#include <array>

#include "edgetide/forecast/pace_table.h"

namespace edgetide::forecast {

/// Where an event's evening stands.
struct EventPhase {
  double minute = 0;  ///< Since the start; negative before it.
  int kind = 0;       ///< Of its start: see event_kind.

  /// Bin of three minutes from an hour before the start.
  [[nodiscard]] int bin() const {
    return static_cast<int>((minute - EventMemory::kFirstMinute) / EventMemory::kBinMinutes);
  }
};

/// How fast audiences of events grow and shrink: the mean change of log demand a minute, by minutes
/// from the start and by kind, on the audience's wall clock.
///
/// A bin that was visited for m minutes counts as m/3 events, twenty at most. Of n events of a kind
/// with mean e and n_all of all kinds with mean e_all, what is expected is
///
///   (n e + 2 (n_all e_all + outlook) / (n_all + 1)) / (n + 2),
///
/// drawn to the other kinds like two more events, and those to the calendar's outlook like one.
class EventPace {
 public:
  bool operator==(const EventPace&) const = default;

  /// Notes that log demand changed by `growth` in the `minutes` until this phase.
  void learn(const EventPhase& phase, double growth, double minutes);

  /// The highest growth of log demand in the later half of the next `minutes`; `outlook` is what
  /// the calendar alone says of it.
  [[nodiscard]] double growth(const EventPhase& phase, int minutes, double outlook) const;

 private:
  static constexpr int kBins = EventMemory::kBins;

  [[nodiscard]] double pace(int bin, int kind, double outlook) const;

  std::array<PaceTable<kBins>, kEventKinds> tables_{};
};

}  // namespace edgetide::forecast
