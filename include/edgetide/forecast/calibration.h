#pragma once

#include <array>
#include <cstdint>

#include "edgetide/forecast/event_memory.h"
#include "edgetide/forecast/quantile_tracker.h"
#include "edgetide/forecast/ridge.h"

namespace edgetide::forecast {

/// Minutes ahead at which forecasts of the window's peak are held against what came.
inline constexpr std::array<int, 5> kHorizons{3, 6, 12, 30, 60};

/// What is known of a moment when the growth from it is forecast. All in logs of demand.
struct Features {
  static constexpr std::size_t kAnnounced = 4;  ///< Where `growth` has what is announced.

  Ridge<6>::Vector growth{};  ///< 1, three slopes, event, return to habit.
  Ridge<7>::Vector spread{};  ///< 1, ln of three running errors, event phase, slope, depth.
  bool in_event = false;
  bool announced = false;  ///< In an event that has not reached its announced end.
  std::int8_t phase = -1;  ///< Bin of minutes around an event's start; -1 outside.

  bool operator==(const Features&) const = default;
};

/// Where the highest log demand of a window is expected above the present one, and how far off that
/// usually is: a mean absolute error.
struct Growth {
  float mean = 0;
  float error = 0;

  bool operator==(const Growth&) const = default;
};

/// What is forecast of a window, to be held against what comes.
struct Expectation {
  Features features;
  Growth growth;            ///< By `features` alone.
  LevelGrowths promised{};  ///< To whoever asked, above the present one, whatever it rests on.
  bool off_air = false;     ///< Nobody is there: if nobody comes, the window teaches nothing.

  bool operator==(const Expectation&) const = default;
};

/// Learns, for one horizon, how forecasts of growth to the window's peak have fared.
///
/// *Growth* g = max over the window's later half of ln(demand + c), less the same now: what a
/// decision orders arrives late in its window, and early in it the present speaks. The mean is a
/// ridge regression on slopes, return to habit and event outlook, one in events and one outside.
/// The size of errors is the geometric mean of two: a ridge regression of ln|g - mean| on how large
/// errors have been of late, over two hours, over two days, at this phase of events; and the usual
/// error of two days, by how far demand is below its peak. Outside events it is drawn to the
/// largest rise J of the last week, in viewers, of which 8 errors are to be had room for:
///
///   error = error^0.4 (ln(1 + J / demand) / 8)^0.6
///
/// Quantiles are tracked apart in events, until their announced end, and outside, against the peak
/// of the whole window, the present included, which no promise is below.
class HorizonTracker {
 public:
  explicit HorizonTracker(int horizon = kHorizons[0]);
  bool operator==(const HorizonTracker&) const = default;

  /// Sets the parts of `features` that depend on what this horizon has seen.
  void complete(Features& features, double slope, double depth) const;
  /// \param demand_now in viewers, offset included
  [[nodiscard]] Growth forecast(const Features& features, double demand_now) const;
  /// How many errors above the mean the peak stays with `confidence`.
  [[nodiscard]] double errors_above(double confidence, bool announced) const {
    return quantiles_[announced ? 1 : 0].errors_above(confidence);
  }
  /// The same at each tracked level.
  [[nodiscard]] LevelErrors errors_at_levels(bool announced) const {
    return quantiles_[announced ? 1 : 0].errors_at_levels();
  }

  /// Whether a forecast made at `minute` is to be followed.
  [[nodiscard]] bool due(std::int64_t minute) const;
  /// Notes a forecast made at `minute` from `log_now`; it is settled when the window has passed.
  /// \pre due(minute)
  void expect(std::int64_t minute, double log_now, const Expectation& expected);
  /// Notes that demand was `log_demand` at `minute`; settles what is due. `step` is the time since
  /// the reading before, in minutes.
  void observe(std::int64_t minute, double log_demand, double step);
  /// Drops what is not settled: the window was not seen whole.
  void forget_pending() { pending_count_ = 0; }
  /// Forgets how large rises were: they were another audience's.
  void forget_surges() { surge_ = surge_minutes_ = 0; }

  /// The mean absolute error over the last two hours.
  [[nodiscard]] double usual_error() const { return error_; }
  /// Minutes of settled forecasts; below an hour or so it has little to say.
  [[nodiscard]] double settled_minutes() const { return settled_minutes_; }

 private:
  static constexpr int kPending = 8;
  static constexpr int kPhases = EventMemory::kBins;

  struct Pending {
    std::int32_t minute = 0;
    float log_now = 0;
    float peak = 0;
    float late_peak = 0;  ///< Of the later half.
    bool seen = false;    ///< A reading has come in the later half.
    Expectation expected;

    bool operator==(const Pending&) const = default;
  };

  void settle(const Pending& pending, const SeenGrowth& whole);
  [[nodiscard]] double drawn_to_surges(double error, double demand_now) const;
  void learn_surge(const Pending& pending, double minutes);
  void learn_phase(int phase, double missed, double minutes);
  void solve_when_due(double minutes);

  std::array<Pending, kPending> pending_{};
  int pending_count_ = 0;
  std::int16_t horizon_;
  std::array<bool, 2> growth_learned_{};  ///< Since it was last solved for.
  std::array<Ridge<6>, 2> growth_{};
  Ridge<7> spread_{};
  Ridge<2> depth_{};
  double settled_minutes_ = 0;
  float unsolved_minutes_ = 0;
  float quick_error_;
  float error_;
  float slow_error_;
  float usual_depth_ = 0;
  float surge_ = 0;  ///< The largest rise within a window outside events, in viewers; it fades.
  float surge_minutes_ = 0;
  std::array<QuantileTracker, 2> quantiles_{};
  std::array<float, kPhases> phase_error_{};
  std::array<std::uint16_t, kPhases> phase_minutes_{};
};

}  // namespace edgetide::forecast
