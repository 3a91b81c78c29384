#include "edgetide/forecast/days_ahead.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "edgetide/forecast/student_t.h"
#include "outlook.h"

namespace edgetide::forecast {
namespace {

/// How sure the width around the path is to be.
constexpr double kSeldom = 0.9;
/// Errors of habit: a Student t, of which the mean absolute error is this share.
constexpr int kHabitDegrees = 3;
constexpr double kHabitScale = 0.9;
/// Habit's usual error is of a level that follows demand for hours; days ahead it is off by more.
constexpr double kDaysOff = 2;
constexpr double kDayMinutes = 1440;
constexpr double kHourMinutes = 60;
/// What a decision at most believes, as in `most_viewers`.
constexpr double kMostOfPeak = 1.3;
constexpr double kMostOfEvent = 2;

/// An event whose ramp has not begun.
struct ComingEvent {
  const model::StreamEvent* event = nullptr;
  double median = 0;  ///< Of its peak uplift, in viewers,
  double high = 0;    ///< and what it exceeds one time in ten.
};

/// What events add at one moment.
struct Uplift {
  double median = 0;
  double high = 0;
  const model::StreamEvent* largest = nullptr;
};

/// Demand at moments ahead. A view for one evaluation, as Outlook is.
class Path {
 public:
  Path(const ForecastState& state, const DaysAhead& days, const Context& context)
      : state_(state),
        seen_at_(Seconds{state.recent.last.at}),
        outlook_(state, context, seen_at_, Seconds{0}),
        clock_(context.offsets),
        room_(room(minutes_of(days.window), days.confidence)),
        room_after_loss_(days.confidence_after_loss
                             ? room(minutes_of(days.window), *days.confidence_after_loss)
                             : room_),
        running_high_(outlook_.high_sizes(kSeldom)),
        hour_distance_(room(kHourMinutes, kSeldom)),
        most_distance_(most_distance(state.habits)) {
    for (const auto& near : outlook_.events())
      running_until_ = std::max(running_until_, near.event->overrun_end());
    for (const auto* event : context.calendar.touching(days.now, days.now + days.length))
      if (event->ramp_start() > seen_at_) coming_.push_back(belief_of(*event));
  }

  [[nodiscard]] DayAhead at(Instant at) const {
    const double minutes = std::max(0.0, minutes_of(at - seen_at_));
    const double usual = habit(minutes);
    const Uplift uplift = uplift_at(at, minutes);
    const double median = usual + uplift.median;
    const double above = uplift.high - uplift.median;
    const double off = std::hypot(usual * std::expm1(distance(minutes)), above);
    const double grown = std::log1p(off / std::max(median, 1.0));
    const double most = std::max(
        {median, kMostOfPeak * state_.recent.peak_viewers, usual + kMostOfEvent * uplift.median});
    const auto high = [&](double room) {
      return Viewers{std::min(median * std::exp(std::hypot(grown, room)), most)};
    };
    const Viewers whole = high(room_);
    return {at, Viewers{median}, whole, room_after_loss_ == room_ ? whole : high(room_after_loss_),
            uplift.largest};
  }

 private:
  /// How far above demand the highest of the next minutes is prepared for, at an ordinary minute
  /// near the usual peak.
  [[nodiscard]] double room(double minutes, double confidence) const {
    std::size_t i = 0;
    while (i + 1 < kHorizons.size() && kHorizons[i] < minutes) ++i;
    const HorizonTracker& tracker = state_.trackers[i];
    Features ordinary;
    ordinary.growth.front() = 1;
    tracker.complete(ordinary, 0, 0);
    const Recent& recent = state_.recent;
    const Growth growth =
        tracker.forecast(ordinary, std::exp(log_demand(recent, recent.peak_viewers)));
    return std::max(0.0, growth.mean + growth.error * tracker.errors_above(confidence, false));
  }

  [[nodiscard]] ComingEvent belief_of(const model::StreamEvent& event) const {
    const double before = outlook_.lasting(event, habit(minutes_of(event.start - seen_at_)));
    const SizeBelief belief = state_.events.size_by_kind(event, before, clock_);
    const double tail = belief.spread * student_t_quantile(kSeldom, belief.degrees);
    const double median = std::exp(belief.log_mean);
    return {&event, median, median * std::min(std::exp(tail), kMostOfEvent)};
  }

  /// Viewers without events that have not begun.
  [[nodiscard]] double habit(double minutes) const {
    return viewers_of(state_.recent, outlook_.log_now() + outlook_.season(minutes) +
                                         outlook_.return_to_habit(minutes));
  }

  /// How far demand is above `habit` one time in ten, in logs.
  [[nodiscard]] double distance(double minutes) const {
    const double grown = hour_distance_ * std::sqrt(std::min(minutes, kDayMinutes) / kHourMinutes);
    return std::min(grown, most_distance_);
  }
  /// That habit lets it grow to; without a limit before a day was learned.
  [[nodiscard]] static double most_distance(const SeasonalLevel& habits) {
    if (!habits.is_known()) return std::numeric_limits<double>::infinity();
    const double tail = kDaysOff * kHabitScale * student_t_quantile(kSeldom, kHabitDegrees);
    return tail * habits.usual_surprise();
  }

  [[nodiscard]] Uplift uplift_at(Instant at, double minutes) const {
    Uplift sum;
    double largest = 0;
    double largest_high = 0;
    const auto add = [&](double median, double high, const model::StreamEvent* event) {
      sum.median += kSubstitution * median;
      sum.high += kSubstitution * high;
      if (median > largest) sum.largest = event;
      largest = std::max(largest, median);
      largest_high = std::max(largest_high, high);
    };
    if (at <= running_until_) {
      const auto shares = outlook_.shares_at(minutes);
      const auto [median, event] = outlook_.uplift(shares);
      const double high = outlook_.high_uplift(shares, running_high_);
      add(median, std::min(high, kMostOfEvent * median), event);
      sum.largest = outlook_.events().front().event;
    }
    for (const auto& [event, median, high] : coming_) {
      if (at < event->ramp_start() || at > event->overrun_end()) continue;
      const double share = state_.events.shape(minutes_of(at - event->start), *event);
      add(share * median, share * high, event);
    }
    sum.median += (1 - kSubstitution) * largest;
    sum.high += (1 - kSubstitution) * largest_high;
    return sum;
  }

  const ForecastState& state_;
  Instant seen_at_;
  Outlook outlook_;
  const model::UtcOffsets& clock_;
  double room_;                  ///< That a decision adds,
  double room_after_loss_;       ///< and that it adds for what is left after a loss.
  Outlook::Sizes running_high_;  ///< What events under way bring one time in ten.
  double hour_distance_;  ///< How far an hour later demand is above its path one time in ten,
  double most_distance_;  ///< and at most whenever.
  Instant running_until_{};
  std::vector<ComingEvent> coming_;
};

/// The higher of both ends of a step; what is highest names the event.
DayAhead highest_of(const DayAhead& from, const DayAhead& to) {
  const DayAhead& higher = to.median > from.median ? to : from;
  return {from.at, higher.median, std::max(from.high, to.high),
          std::max(from.high_after_loss, to.high_after_loss), higher.event};
}

}  // namespace

std::vector<DayAhead> days_ahead(const ForecastState& state, const DaysAhead& days,
                                 const Context& context) {
  std::vector<DayAhead> steps;
  if (!state.recent.any || days.step <= Seconds{0} || days.length < days.step) return steps;
  const Path path(state, days, context);
  const auto count = days.length / days.step;
  steps.reserve(static_cast<std::size_t>(count));
  DayAhead from = path.at(days.now);
  for (std::ptrdiff_t i = 1; i <= count; ++i) {
    const DayAhead to = path.at(days.now + i * days.step);
    steps.push_back(highest_of(from, to));
    from = to;
  }
  return steps;
}

}  // namespace edgetide::forecast
