#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "edgetide/forecast/accuracy.h"
#include "edgetide/forecast/beginning_pace.h"
#include "edgetide/forecast/calibration.h"
#include "edgetide/forecast/event_pace.h"
#include "edgetide/forecast/smoothing.h"

namespace edgetide::forecast {

/// The latest readings and what follows from them at once.
struct Recent {
  struct Reading {
    std::int64_t at = 0;  ///< Seconds since 1970.
    double viewers = 0;

    bool operator==(const Reading&) const = default;
  };

  bool operator==(const Recent&) const = default;

  bool any = false;
  std::uint16_t unseen_seconds = 0;  ///< Before `suddenly_at`, since the reading before.
  float rose_from = 0;               ///< Viewers before the rise at `rose_at`.
  Reading last;
  /// Of the last minutes, newest first. Learning goes by minutes; the first reading of each counts.
  std::array<Reading, 4> previous{};
  double mean_viewers = 0;  ///< Over a week.
  double peak_viewers = 0;  ///< Highest, fading over a week.
  /// ln(viewers + offset) is what is forecast: a small part of the mean keeps zero finite and the
  /// noise of a near-empty pool small.
  double offset = 1;
  double quick = 0;             ///< Moving averages of log demand over 3,
  double medium = 0;            ///< 15
  double slow = 0;              ///< and 60 minutes.
  float step = 1;               ///< Minutes from one reading to the next, usually.
  float fell_to = 0;            ///< The fewest told by an abrupt fall since `suddenly_at`.
  double seen_minutes = 0;      ///< Time learned from, gaps left out.
  std::int64_t resumed_at = 0;  ///< The first reading after the last silence.
  double held_viewers = 0;      ///< From before an abrupt drop ...
  std::int64_t held_until = 0;  ///< ... and until when it counts.
  std::int64_t fell_at = 0;     ///< The last drop that is or was doubted, or that a silence hid.
  /// The first drop that no audience makes, of those that are doubted; zero where none is.
  std::int64_t suddenly_at = 0;
  std::int64_t rose_at = 0;  ///< The last rise that no audience makes,
  float rise = 0;            ///< by how much log demand rose,
  float fell_from = 0;       ///< At `suddenly_at`; expected by now are `held_viewers`.
  /// When the last spike ended: that of `rose_at`, unless it rose later, and nothing has ended that
  /// rise so far. Zero for none.
  std::int64_t spike_ended_at = 0;
};

/// What a pool has learned: a plain value that is copied and kept as bytes.
struct ForecastState {
  static constexpr int kVersion = 9;

  int version = kVersion;
  std::optional<FittedModel> fitted;  ///< Nothing while history is too short.
  Recent recent;
  SeasonalLevel habits;
  EventMemory events;
  EventPace pace;
  BeginningPace beginnings;
  RunningEvents running{};
  std::array<HorizonTracker, kHorizons.size()> trackers{
      HorizonTracker{kHorizons[0]}, HorizonTracker{kHorizons[1]}, HorizonTracker{kHorizons[2]},
      HorizonTracker{kHorizons[3]}, HorizonTracker{kHorizons[4]}};
  Accuracy accuracy;

  bool operator==(const ForecastState&) const = default;

  [[nodiscard]] Gains gains() const { return fitted ? fitted->gains() : Gains{}; }
};

static_assert(std::is_trivially_copyable_v<ForecastState>);
static_assert(sizeof(ForecastState) <= 20 * 1024, "10,000 pools must fit in memory");

}  // namespace edgetide::forecast
