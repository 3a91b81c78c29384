#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>

#include "edgetide/core/time.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::forecast {

/// Gains of the smoothing, each for a quarter of an hour or for one visit of a slot; by default
/// what serves while history is too short to fit.
struct Gains {
  bool operator==(const Gains&) const = default;

  float level_gain = 0.01F;   ///< Share of a surprise that moves the level, a quarter of an hour.
  float daily_gain = 0.15F;   ///< Share that moves the slot of the day, a visit.
  float weekly_gain = 0.20F;  ///< Share that moves the slot of the week, a visit.
  float persistence = 0.95F;  ///< Share of a deviation that is left a quarter of an hour later.
};

/// Where a parameter is looked for.
struct Bounds {
  float least = 0;
  float most = 1;
};

/// What smoothing may look like before any history was seen.
struct SmoothingModel {
  Bounds level_gain{0.003F, 0.08F};
  Bounds daily_gain{0.05F, 0.3F};
  Bounds weekly_gain{0.05F, 0.4F};
  Bounds persistence{0.8F, 0.98F};
  /// History below this teaches no gains.
  Seconds shortest_history{std::chrono::days{2}};
};

/// Gains chosen on a pool's own history, within the bounds of the SmoothingModel. Only `fit` makes
/// one.
class FittedModel {
 public:
  bool operator==(const FittedModel&) const = default;

  [[nodiscard]] const Gains& gains() const { return gains_; }

 private:
  explicit FittedModel(const Gains& gains) : gains_(gains) {}
  friend std::optional<FittedModel> fit(const SmoothingModel& model,
                                        std::span<const model::DemandSample> samples,
                                        const model::EventCalendar& calendar,
                                        const model::UtcOffsets& offsets);

  Gains gains_;
};

/// The gains with the smallest mean absolute error half an hour ahead over `samples`, the first
/// quarter of which only warms up. Nothing with less than `shortest_history`, or where no readings
/// are half an hour apart. Event windows are left out.
///
/// Derivatives of every error by the gains are carried along with the recursion, and the gains are
/// moved by Levenberg's and Marquardt's steps on their logarithms, held to the bounds, for as long
/// as that lowers the errors.
/// \note O(samples); 8 weeks of 5-minute samples take a few milliseconds.
[[nodiscard]] std::optional<FittedModel> fit(const SmoothingModel& model,
                                             std::span<const model::DemandSample> samples,
                                             const model::EventCalendar& calendar,
                                             const model::UtcOffsets& offsets);

/// How a reading has moved habits.
struct SmoothingStep {
  /// Shares of the surprise by which level, day and week were moved.
  struct Shares {
    double level = 0;
    double daily = 0;
    double weekly = 0;
  };

  double surprise = 0;  ///< As it counted.
  bool held = false;    ///< It was larger than it counted.
  Shares shares;
  Shares by_gain;  ///< How fast the shares grow with their gains.
};

/// Demand's habits: a level and what each quarter of an hour of the local day and week adds to it,
/// all in log demand, so that they multiply.
///
///   expected = level + daily[slot of the day] + weekly[slot of the week]
///   r        = observed - expected, held to three times its usual size
///   level += a r;  daily += d r;  weekly += w r          (Taylor 2003, without trend)
///
/// Time is the wall clock of the audience, so daylight saving moves no habit. The first day fills
/// the slots as it goes; later visits move them by less and less, down to the fitted gain.
class SeasonalLevel {
 public:
  bool operator==(const SeasonalLevel&) const = default;

  /// Learns that demand was `log_demand` at the local `time_of_week`, `minutes` after the previous
  /// one. O(1).
  SmoothingStep learn(double log_demand, Seconds time_of_week, double minutes, const Gains& gains);

  /// What habit alone expects, level and seasons.
  [[nodiscard]] double expected(Seconds time_of_week) const;
  /// The seasons' part of it; zero before a day was learned.
  [[nodiscard]] double season(Seconds time_of_week) const;
  /// Moves the level alone, after a silence that says nothing of the hours.
  void shift_level(double to) { level_ = to; }
  /// Says everything in another measure of log demand; `moved` takes the old one to the new.
  void remap(const std::function<double(double)>& moved);

  [[nodiscard]] double level() const { return level_; }
  /// Whether a day was learned; before that nothing is said of the hours.
  [[nodiscard]] bool is_known() const;
  /// How far log demand usually is off what habit expects: a mean absolute error over about a day.
  [[nodiscard]] double usual_surprise() const { return usual_surprise_; }

 private:
  static constexpr int kDaily = 96;
  static constexpr int kWeekly = 7 * kDaily;

  void learn_first_day(double log_demand, Seconds time_of_week, double minutes);
  [[nodiscard]] double clipped(double surprise, double minutes);

  double level_ = 0;
  double learned_minutes_ = 0;
  float usual_surprise_ = 0.2F;
  std::array<float, kDaily> daily_{};
  std::array<float, kWeekly> weekly_{};
};

}  // namespace edgetide::forecast
