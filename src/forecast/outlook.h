#pragma once

#include <array>
#include <optional>

#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::forecast {

/// Of events at the same time, the smaller ones mostly share the largest one's audience.
inline constexpr double kSubstitution = 0.3;

/// The forecast's own notion of demand: ln(viewers + offset), so that zero is finite.
[[nodiscard]] double log_demand(const Recent& recent, double viewers);
[[nodiscard]] double viewers_of(const Recent& recent, double log_demand);

/// Demand as a decision sees it: the last reading, or what was there before an abrupt drop.
[[nodiscard]] double effective_viewers(const Recent& recent, Instant at);

/// The mean absolute error of log demand at the shortest horizon for which readings come often
/// enough to be judged.
[[nodiscard]] double usual_error(const ForecastState& state);

/// What demand may at most grow to; an event may go beyond what was ever seen.
[[nodiscard]] double most_viewers(const Recent& recent, double present, double event_uplift);

/// What every forecaster sees at the moment of a reading.
[[nodiscard]] Present present_of(const Recent& recent, Instant at, const Context& context);

/// The highest demand in the window as it is expected here, whoever else has fared better.
[[nodiscard]] model::WindowPeak own_window_peak(const ForecastState& state,
                                                const PeakWindow& window, const Context& context);

/// What habits and the calendar say of the minutes after one moment. A view for one evaluation: it
/// refers to the state and the calendar it was made from.
class Outlook {
 public:
  /// An event that may bring viewers within reach.
  struct NearEvent {
    const model::StreamEvent* event = nullptr;
    const RunningEvent* running = nullptr;  ///< Its record when it is followed.
    double minute = 0;                      ///< After its start, now.
    double log_size = 0;                    ///< ln of its peak uplift, as it runs so far.
    double spread = 0;
    int degrees = 2;
    bool telling = false;  ///< Large enough to set the evening's phase.
  };

  /// What the calendar adds by some minutes ahead, in viewers above the present.
  struct Uplift {
    double median = 0;
    double high = 0;  ///< With the confidence asked for.
    const model::StreamEvent* largest = nullptr;
  };

  /// \param reach how far ahead will be asked.
  Outlook(const ForecastState& state, const Context& context, Instant at, Seconds reach);

  /// Change of log demand by habit alone, `minutes` ahead: the seasons, and deviations fading.
  [[nodiscard]] double season(double minutes) const;
  /// Share of a deviation from habit that will have faded, times the deviation; what is above is
  /// negative. Zero while an event explains the deviation.
  [[nodiscard]] double return_to_habit(double minutes) const;
  /// Of all that come or run, also of those that are over by then: what the highest of the minutes
  /// until then may rest on.
  [[nodiscard]] Uplift uplift(double minutes, double confidence) const;
  /// Of those alone whose overrun is not over by then.
  [[nodiscard]] Uplift uplift_at(double minutes, double confidence) const;

  /// A followed event has brought next to nothing, and nothing else keeps the audience up: late
  /// rather than small.
  [[nodiscard]] bool not_begun(const NearEvent& near) const;

  /// Features for a horizon, all but what its tracker adds.
  [[nodiscard]] Features features(const HorizonTracker& tracker, int horizon) const;
  /// Where the evening of the event that matters most stands; nothing outside.
  [[nodiscard]] const std::optional<EventPhase>& phase() const { return phase_; }
  /// Minutes since a channel came back after a silence, while it begins.
  [[nodiscard]] const std::optional<double>& beginning() const { return beginning_; }
  /// An event that matters is near enough for demand not to be habit.
  [[nodiscard]] bool in_event() const { return in_event_; }
  [[nodiscard]] double log_now() const { return log_now_; }
  [[nodiscard]] double viewers() const { return viewers_; }
  /// What comes without events, as far as habit knows.
  [[nodiscard]] double usual_viewers() const { return usual_viewers_; }
  [[nodiscard]] std::span<const NearEvent> events() const { return {events_.data(), count_}; }

 private:
  void gather(Seconds reach);
  [[nodiscard]] NearEvent belief_of(const model::StreamEvent& event) const;
  void find_phase();
  void find_beginning();
  template <typename Counts>
  [[nodiscard]] Uplift uplift_of(double minutes, double confidence, Counts counts) const;
  [[nodiscard]] double expected_growth(int horizon) const;
  [[nodiscard]] double remaining_share(const NearEvent& near, double minutes) const;

  const ForecastState& state_;
  const Context& context_;
  Instant at_;
  double viewers_;
  double log_now_;
  double usual_viewers_;
  double season_now_;
  double deviation_ = 0;
  double release_minutes_ = 0;
  std::array<NearEvent, 8> events_;
  std::size_t count_ = 0;
  std::optional<EventPhase> phase_;
  std::optional<double> beginning_;
  bool in_event_ = false;
};

}  // namespace edgetide::forecast
