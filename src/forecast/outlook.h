#pragma once

#include <algorithm>
#include <array>
#include <optional>

#include "edgetide/forecast/demand_forecaster.h"
#include "near_event.h"

namespace edgetide::forecast {

/// Of an audience of which more are leaving another event, so they do: no pace is learned from it.
inline constexpr double kMostlyInPhase = 0.75;
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

/// The record of an event that is followed; nullptr for one that is not.
[[nodiscard]] const RunningEvent* running_record(const ForecastState& state,
                                                 const model::StreamEvent& event);

/// What every forecaster sees at the moment of a reading.
[[nodiscard]] Present present_of(const Recent& recent, Instant at, const Context& context);

/// What habits and the calendar say of the minutes after one moment. A view for one evaluation: it
/// refers to the state and the calendar it was made from.
class Outlook {
 public:
  /// What the calendar adds by some minutes ahead, in viewers above the present.
  struct Uplift {
    double median = 0;
    const model::StreamEvent* largest = nullptr;
  };

  /// \param reach how far ahead will be asked.
  Outlook(const ForecastState& state, const Context& context, Instant at, Seconds reach);

  /// The same as if it were made for less reach. \pre `sees_all()`, and no more reach than its own
  [[nodiscard]] Outlook within(Seconds reach) const;
  /// How many events it would see then.
  [[nodiscard]] std::size_t count_within(Seconds reach) const;
  /// Whether there was place for every event within its reach.
  [[nodiscard]] bool sees_all() const { return count_ < events_.size(); }

  /// Sees anew how far events are, after the state has learned of them.
  void place_events();

  /// Change of log demand by habit alone, `minutes` ahead: the seasons, and deviations fading.
  [[nodiscard]] double season(double minutes) const;
  /// Share of a deviation from habit that will have faded, times the deviation; what is above is
  /// negative. Zero while an event explains the deviation.
  [[nodiscard]] double return_to_habit(double minutes) const;
  /// What that comes to at most, however far ahead.
  [[nodiscard]] double most_return_to_habit() const { return std::max(0.0, -deviation_); }
  /// What each of `events()` has still to bring by some minutes ahead, as shares of their sizes.
  using Shares = std::array<double, 8>;
  /// Of all that come or run, also of those that are over by then: what the highest of the minutes
  /// until then may rest on.
  [[nodiscard]] Shares shares(double minutes) const;
  /// Of those alone whose overrun is not over by then.
  [[nodiscard]] Shares shares_at(double minutes) const;
  [[nodiscard]] Uplift uplift(const Shares& shares) const;
  /// What each of `events()` brings at its peak.
  using Sizes = std::array<double, std::tuple_size_v<Shares>>;
  /// What they exceed with no more than that doubt.
  [[nodiscard]] Sizes high_sizes(double confidence) const;
  [[nodiscard]] double high_uplift(const Shares& shares, const Sizes& high) const;
  /// Growth of log demand by that many viewers; none below zero.
  [[nodiscard]] double growth_by(double uplift) const;

  /// A followed event that is over before half of this one is; nullptr for none. Whom it brought
  /// is not there when this one is at its peak.
  [[nodiscard]] const NearEvent* earlier(const model::StreamEvent& event) const;
  /// Of those who would be there before an event that is announced with a number, the ones that no
  /// earlier one has brought: in a programme without breaks one takes over the audience of another.
  [[nodiscard]] double lasting(const model::StreamEvent& event, double before) const;

  /// The kind of an event that starts then.
  [[nodiscard]] int kind_of(Instant start) const;

  /// A followed event has brought next to nothing, and nothing else keeps the audience up: late
  /// rather than small.
  [[nodiscard]] bool not_begun(const NearEvent& near) const;

  /// Features for a horizon; `announced` is the growth by what the calendar adds until then.
  [[nodiscard]] Features features(const HorizonTracker& tracker, int horizon,
                                  double announced) const;
  /// Where the evening of the event that matters most stands; nothing outside.
  [[nodiscard]] const std::optional<EventPhase>& phase() const { return phase_; }
  /// Share of the present that goes by its pace: others may be leaving an earlier event.
  [[nodiscard]] double in_phase() const { return in_phase_; }
  /// Minutes since a channel came back after a silence, while it begins.
  [[nodiscard]] const std::optional<double>& beginning() const { return beginning_; }
  /// An event that matters is near enough for demand not to be habit.
  [[nodiscard]] bool in_event() const { return in_event_; }
  [[nodiscard]] double log_now() const { return log_now_; }
  /// The present demand in viewers, offset included, as logs are taken of it.
  [[nodiscard]] double demand_now() const { return demand_now_; }
  [[nodiscard]] double viewers() const { return viewers_; }
  /// What comes without events, as far as habit knows.
  [[nodiscard]] double usual_viewers() const { return usual_viewers_; }
  [[nodiscard]] std::span<const NearEvent> events() const { return {events_.data(), count_}; }

 private:
  void gather(Seconds reach);
  [[nodiscard]] bool reaches(Seconds reach, const model::StreamEvent& event) const;
  void believe(NearEvent& near) const;
  void place(NearEvent& near) const;
  void find_phase();
  void find_beginning();
  [[nodiscard]] double expected_growth(int horizon, double announced) const;

  const ForecastState& state_;
  const Context& context_;
  Instant at_;
  double viewers_;
  double log_now_;
  double demand_now_;
  double usual_viewers_;
  double season_now_;
  double depth_;  ///< Of log demand below its peak; not positive.
  double deviation_ = 0;
  double release_minutes_ = 0;
  std::array<NearEvent, std::tuple_size_v<Shares>> events_;
  std::size_t count_ = 0;
  std::optional<EventPhase> phase_;
  double in_phase_ = 1;
  std::optional<double> beginning_;
  bool in_event_ = false;
};

}  // namespace edgetide::forecast
