#pragma once

#include <optional>

#include "peak_growth.h"

namespace edgetide::forecast {

/// From the last reading to the window's end, in minutes. A reading that comes every few minutes
/// stands until the next, and what is promised by it stands for all windows that begin meanwhile:
/// they are as long as the first of them, so that a forecast changes when there is news, not as the
/// old grows older.
[[nodiscard]] double minutes_ahead(const Recent& recent, Instant now, Seconds window);

/// What is seen of windows that begin at one moment; those that the same events are within reach of
/// share a sight.
class Sights {
 public:
  /// \pre all outlive it
  Sights(const ForecastState& state, Instant now, Seconds longest, const Context& context);

  [[nodiscard]] Instant now() const { return now_; }
  /// Valid until the next call. \pre no longer than the longest
  [[nodiscard]] Sight& of(Seconds length);

 private:
  [[nodiscard]] Seconds reach_of(Seconds length) const;

  const ForecastState& state_;
  const Context& context_;
  Instant now_;
  Outlook farthest_;
  std::optional<Sight> sight_;
};

/// The highest demand in a window as it is expected here, whoever else has fared better. A view for
/// one evaluation at several confidences, which share all but how far errors reach.
class OwnWindowPeak {
 public:
  /// \pre the sights outlive it, and are asked for no other meanwhile
  OwnWindowPeak(Sights& sights, Seconds length)
      : OwnWindowPeak(sights.of(length), sights.now(), length) {}

  [[nodiscard]] PeakDemand at(const TrackedConfidence& confidence) const;
  /// How fast viewers come at most, on their way to so many. Takes longer than tell_of_peak.
  [[nodiscard]] ViewersPerSecond steepest_to(Viewers peak);
  /// The window, and how much is claimed of it.
  [[nodiscard]] model::WindowPeak window() const;
  /// Adds when the peak comes and which event brings it, and what that would bring at most. Takes
  /// longer than all the rest.
  void tell_of_peak(model::WindowPeak& window);

 private:
  OwnWindowPeak(Sight& sight, Instant now, Seconds length);

  /// By habit and calendar.
  [[nodiscard]] const StructuralPeak& path();
  void name_event(model::WindowPeak& window);

  const Sight& sight_;
  Instant now_;
  Seconds length_;
  double minutes_;
  std::optional<StructuralPeak> path_;
  std::optional<double> steepest_minute_;  ///< Of that path.
  LearnedGrowth learned_;
  AddedGrowth added_;
  double most_;
  double beyond_ = 0;  ///< What habit and calendar add after the last horizon.
};

}  // namespace edgetide::forecast
