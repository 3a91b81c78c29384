#pragma once

#include <algorithm>
#include <cmath>

#include "outlook.h"

namespace edgetide::forecast {

/// Growth of log demand to a window's peak and, beside it, how far the quantile is above.
struct PeakGrowth {
  double mean = 0;
  double room = 0;
};

/// What a horizon says, whatever the confidence.
struct HorizonGrowth {
  Growth growth;
  LevelErrors errors{};

  [[nodiscard]] PeakGrowth at(const TrackedConfidence& confidence) const;
};

/// An outlook, and what the horizons say of it: each is asked once.
class Sight {
 public:
  /// \pre the state outlives it
  Sight(const ForecastState& state, const Outlook& outlook) : state_(state), outlook_(outlook) {}

  [[nodiscard]] const ForecastState& state() const { return state_; }
  [[nodiscard]] const Outlook& outlook() const { return outlook_; }
  [[nodiscard]] const HorizonGrowth& horizon(std::size_t i);
  /// The highest by habit and calendar until the last horizon.
  [[nodiscard]] double structural_growth();

 private:
  const ForecastState& state_;
  Outlook outlook_;
  std::array<std::optional<HorizonGrowth>, kHorizons.size()> horizons_;
  std::optional<double> structural_growth_;
};

/// As errors have taught it, between the two horizons around `minutes` that have something to say;
/// beyond the last one errors grow with the root of time, as those of a random walk do.
class LearnedGrowth {
 public:
  LearnedGrowth(Sight& sight, double minutes);

  [[nodiscard]] PeakGrowth at(const TrackedConfidence& confidence) const;

 private:
  HorizonGrowth near_;
  std::optional<HorizonGrowth> far_;
  double share_ = 0;   ///< Of the far one.
  double spread_ = 1;  ///< How many times as far off as the near one, beyond the last.
};

/// What the calendar and a climb add to what was learned of a window, at any confidence. The
/// calendar speaks while experience with the phase is short.
class AddedGrowth {
 public:
  /// \pre the outlook outlives it
  AddedGrowth(const ForecastState& state, const Outlook& outlook, double minutes);

  /// By itself, and in viewers.
  [[nodiscard]] double announced_growth() const { return growth_; }
  [[nodiscard]] double announced_uplift() const { return uplift_; }
  /// For the sizes of events.
  [[nodiscard]] double announced_room(double confidence) const {
    return outlook_.events().empty() ? 0 : announced_room(outlook_.high_sizes(confidence));
  }
  [[nodiscard]] double announced_room(const Outlook::Sizes& high) const;
  [[nodiscard]] PeakGrowth to(PeakGrowth learned, double announced_room, double confidence) const {
    const double mean = std::max(learned.mean, announced_);
    const double learned_room = std::max(0.0, learned.room);
    const double room = std::sqrt(learned_room * learned_room + announced_room * announced_room);
    const double going_on = 2 * confidence - 1;  // The share of a climb that a confidence lets.
    return {mean, std::max(room, climb_ * going_on - mean)};
  }

 private:
  const Outlook& outlook_;
  Outlook::Shares shares_;
  double uplift_;        ///< Announced, in viewers,
  double growth_;        ///< and in logs of demand.
  double inexperience_;  ///< With such evenings.
  double announced_;     ///< Growth that is believed for want of experience,
  double climb_;         ///< and if the climb of the last minutes goes on.
};

/// What is forecast at one moment, to be held against what comes. A view for one evaluation.
class Expectations {
 public:
  /// \pre both outlive it
  Expectations(const ForecastState& state, const Outlook& outlook);

  /// Of one of the horizons.
  [[nodiscard]] Expectation at(std::size_t horizon) const;

 private:
  const ForecastState& state_;
  const Outlook& outlook_;
  std::array<Outlook::Sizes, kTrackedLevels.size()> high_sizes_;  ///< If there are events.
};

/// Growth by habit and calendar alone; `uplift` in viewers.
[[nodiscard]] double structural_growth(const Outlook& outlook, double minutes, double uplift);

/// The highest point of the path by habit and calendar.
struct StructuralPeak {
  double growth = 0;
  double minutes = 0;
  Outlook::Uplift uplift;
};

[[nodiscard]] StructuralPeak structural_peak(const Outlook& outlook, double minutes);

/// Of what has come by the highest point, which is `growth` above the present, the share that the
/// minute brings in which events bring most; no less than if all came evenly.
[[nodiscard]] double steepest_minute(const Outlook& outlook, double minutes, double growth);

}  // namespace edgetide::forecast
