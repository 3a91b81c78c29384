#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/demand_history.h"
#include "simulation/demand_shapes.h"

namespace edgetide::simulation {

/// A football match as it really goes, which the calendar only announces.
struct Match {
  Instant kick_off;
  Viewers uplift;           ///< What it brings at the end of its ninety minutes.
  bool extra_time = false;  ///< Thirty minutes more, then penalties.
};

/// The final whistle: 109 minutes after kick-off, or 160 with extra time and penalties.
[[nodiscard]] Instant final_whistle(const Match& match);

/// The share of a match's uplift that watches `since_kick_off` after its kick-off: 0 an hour
/// before, 1 at the end of the ninety minutes.
///
/// Pre-roll from -60 minutes; a knee at kick-off of 7 % a minute; slow climb; half-time dip to 70
/// %; a second knee; the maximum at the very end; 40 % leave within three minutes of the whistle.
/// The shape is that of published evenings: viewing that rises until the last minute of each match
/// (Conviva, World Cup 2018), knees of half a million to 1.1 million joins a minute and a cliff
/// within minutes (Hotstar, Indian Premier League 2018 and World Cup 2019). The depth of the
/// half-time dip has no first-hand number; 10 to 30 % is commonly told.
[[nodiscard]] double match_share(Seconds since_kick_off, bool extra_time);

/// The share of prime time that an ordinary day has at this time of the week (UTC): highest at nine
/// in the evening, most on Sundays.
[[nodiscard]] double ordinary_share(Instant at);

/// What there is to watch beside ordinary days, and what keeps people from it.
struct Programme {
  std::vector<Match> matches;
  std::vector<Premiere> premieres;
  std::optional<PrimeTime> prime_time;
  std::vector<RetryStorm> retry_storms;
};

/// Of which nothing was recorded.
struct Unrecorded {
  Instant from;  ///< The last sample before it, or the beginning of what was asked for,
  Instant to;    ///< and the first after it, or the end.
};

/// Everybody who wants to watch: ordinary days, the programme on top, and noise; a pure function of
/// seed and time, so that any span can be asked for in any order.
///
/// Or as it was recorded, straight between samples; nobody before the first and after the last.
class Audience {
 public:
  /// \param ordinary how many watch at the best hour of an ordinary day
  Audience(std::uint64_t seed, Viewers ordinary, Programme programme);
  /// \pre rising in time, at least one
  explicit Audience(std::vector<model::DemandSample> recorded);

  [[nodiscard]] Viewers at(Instant at) const;
  /// When anything is known first; nothing where all of the past is.
  [[nodiscard]] std::optional<Instant> begins() const;
  /// Where samples are more than five minutes apart, as far as it lies between the two, by time;
  /// none of what was not recorded but made.
  [[nodiscard]] std::vector<Unrecorded> unrecorded(Instant from, Instant to) const;
  [[nodiscard]] const Programme& programme() const { return programme_; }

 private:
  [[nodiscard]] double noise_factor(Instant at) const;
  [[nodiscard]] Viewers recorded_at(Instant at) const;

  std::uint64_t seed_ = 0;
  Viewers ordinary_;
  Programme programme_;
  std::vector<model::DemandSample> recorded_;
};

}  // namespace edgetide::simulation
