#pragma once

#include "outlook.h"

namespace edgetide::forecast {

/// Growth of log demand to a window's peak and, beside it, how far the quantile is above.
struct PeakGrowth {
  double mean = 0;
  double room = 0;
};

/// What a horizon says, whatever the confidence.
struct HorizonGrowth {
  const HorizonTracker* tracker = nullptr;
  Growth growth;
  bool announced = false;

  [[nodiscard]] PeakGrowth at(double confidence) const;
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

  [[nodiscard]] PeakGrowth at(double confidence) const;

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

  [[nodiscard]] PeakGrowth to(PeakGrowth learned, double confidence) const;
  /// In viewers.
  [[nodiscard]] double announced_uplift() const { return uplift_; }

 private:
  [[nodiscard]] double announced_room(double confidence) const;

  const Outlook& outlook_;
  Outlook::Shares shares_;
  double uplift_;        ///< Announced.
  double inexperience_;  ///< With such evenings.
  double announced_;     ///< Growth, in logs of demand,
  double climb_;         ///< and if the climb of the last minutes goes on.
};

/// What is forecast now at one of the horizons, to be held against what comes.
[[nodiscard]] Expectation expectation(const ForecastState& state, const Outlook& outlook,
                                      std::size_t horizon);

/// Growth by habit and calendar alone; `uplift` in viewers.
[[nodiscard]] double structural_growth(const Outlook& outlook, double minutes, double uplift);

/// The highest point of the path by habit and calendar.
struct StructuralPeak {
  double growth = 0;
  double minutes = 0;
  Outlook::Uplift uplift;
};

[[nodiscard]] StructuralPeak structural_peak(const Outlook& outlook, double minutes);

}  // namespace edgetide::forecast
