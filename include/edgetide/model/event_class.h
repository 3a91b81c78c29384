#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::model {

/// The minutes around an event's start by which its course is told: bins of three minutes from an
/// hour before to four hours after.
struct EventBins {
  static constexpr int kCount = 100;
  static constexpr int kMinutes = 3;
  static constexpr int kFirstMinute = -60;
  static constexpr Seconds kBefore{-kFirstMinute * 60};
  static constexpr Seconds kAfter{(kFirstMinute + kCount * kMinutes) * 60};
};

/// A finished event. *Uplift*: the viewers above those that were there when its ramp began.
struct EventOutcome {
  std::string name;  ///< Of the StreamEvent: "video/final-2026".
  std::string event_class;
  Instant start{};
  std::vector<double> uplift;  ///< Viewers by bin; negative where nothing was seen.
};

/// What is remembered of one past event.
struct PastEvent {
  std::string name;
  Instant start{};
  Viewers uplift;  ///< At its peak, over all its pools.

  bool operator==(const PastEvent&) const = default;
};

/// What events of a class have taught. Fed by `learn`; the same events in any order and any number
/// of times teach the same sizes.
struct LearnedClass {
  static constexpr std::size_t kMostEvents = 12;         ///< That tell how large events are.
  static constexpr std::size_t kMostEarlierEvents = 36;  ///< Older ones are forgotten.

  std::int64_t events = 0;                ///< Ever learned from.
  std::vector<PastEvent> last_events;     ///< Newest first.
  std::vector<PastEvent> earlier_events;  ///< Before those, newest first: for sizes by kind alone.
  std::vector<double>
      profile;  ///< Share of the peak uplift by bin, from the first on; may be empty.

  bool operator==(const LearnedClass&) const = default;
};

/// Events that are like each other: what people expect of them and what they have taught.
struct EventClass {
  std::string name;                   ///< "football-knockout"
  std::string family;                 ///< Classes that are like each other; empty for none.
  std::optional<Viewers> prior_peak;  ///< What such an event brings, in total over its pools.
  double prior_spread = 2;  ///< By what factor an event is easily more or less: one deviation.
  std::optional<Seconds> ramp_up;  ///< Of its events that do not say how long their ramp is,
  std::optional<Seconds> overrun;  ///< or their overrun.
  LearnedClass learned;

  bool operator==(const EventClass&) const = default;
};

/// How large a past event was: ln of its uplift over all its pools.
struct PastSize {
  Instant start{};
  double log_size = 0;
};

/// What is expected of the next event of a class.
struct EventPrior {
  double log_size = 0;   ///< ln of its uplift in viewers,
  double spread = 1;     ///< how far off that may be: the scale of
  int degrees = 3;       ///< a Student t.
  double log_share = 0;  ///< ln of the part of the audience that this is for.
  /// Events that the class has learned from, newest first, whole; nullptr for none.
  std::shared_ptr<const std::vector<PastSize>> past;
  /// As LearnedClass::profile, and from how many events; nullptr for none.
  std::shared_ptr<const std::vector<double>> profile;
  double profile_events = 0;

  /// The part of it that a pool with this share of the audience expects. \pre share > 0
  [[nodiscard]] EventPrior scaled(double share) const;
};

/// Takes in an event with its uplift over all pools. False, and nothing changed, when it is known
/// already, older than the 48 that are remembered, or brought nobody: such an event was cancelled
/// or stood at a wrong hour. One that is known with clearly less uplift was known in part, and is
/// corrected. Of one from before the newest twelve, of a class that has forgotten some, the size
/// alone is taken in: it may have been learned from once.
bool learn(LearnedClass& learned, const EventOutcome& outcome);

/// Mean and standard deviation of ln(uplift) over what is remembered; zeros without events, and a
/// deviation of zero below two.
struct LogSize {
  double mean = 0;
  double deviation = 0;
};
[[nodiscard]] LogSize log_size(const LearnedClass& learned);

/// What is expected of the next event of the class; nothing when nothing is known of any class.
///
/// *Drawn to*: the mean of the other classes of its family, else of all that have learned, each
/// event counting once; spec.priorPeakViewers joins it as an opinion, by precision. A class with n
/// events of mean m, drawn to m0 of spread s0, expects
///
///   (n m + w m0) / (n + w),   w = 0.35^2 / s0^2,
///
/// as if m0 were w more events: 0.35 is how far events of one class usually lie apart. That
/// deviation is mixed twice into the one seen, and a Student t of n + 3 degrees is believed, so
/// that few events are believed little.
///
///   three events of 20,000 drawn to 40,000 of spread 0.5: w = 0.49, e^(9.903 + 0.097) = 22,046
[[nodiscard]] std::optional<EventPrior> expected_of(std::string_view event_class,
                                                    const std::vector<EventClass>& classes);

/// What of a class concerns each of its events.
struct KnownClass {
  std::optional<EventPrior> prior;  ///< In total over an event's pools.
  std::optional<Seconds> ramp_up;
  std::optional<Seconds> overrun;
};

/// Of a class that does not exist nothing is known.
[[nodiscard]] KnownClass known_class(std::string_view event_class,
                                     const std::vector<EventClass>& classes);

}  // namespace edgetide::model
