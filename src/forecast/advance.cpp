#include <algorithm>
#include <cmath>
#include <limits>

#include "own_window_peak.h"
#include "running_events.h"
#include "spike.h"
#include "sudden_fall.h"

namespace edgetide::forecast {
namespace {

using Reading = Recent::Reading;

/// Times outside are a broken clock, not demand.
constexpr std::int64_t kEarliest = 0;
constexpr std::int64_t kLatest = 7258118400;  // the year 2200
/// More than the planet's population a million times over: a broken counter.
constexpr double kMostViewers = 1e15;

constexpr double kWeekMinutes = 7 * 1440;
/// A longer silence is a gap: what lies in it teaches nothing.
constexpr double kGapMinutes = 90;
/// After so long the old level says little; habits keep their shape.
constexpr double kForgottenMinutes = 3 * 1440;
constexpr double kLongestStep = 60;
/// The part of mean demand that is added inside the logarithm, and when it is set anew.
constexpr double kOffsetShare = 0.02;
constexpr double kOffsetDrift = 1.5;

/// Outage guard: a fall within six minutes by 15 % and twelve usual errors is doubted for 15
/// minutes, once. Audiences leave quickly too, and doubting that costs more than it saves.
constexpr std::int64_t kAbruptSeconds = 6 * 60;
constexpr double kAbruptFall = 0.15;
constexpr double kAbruptErrors = 12;
/// One that no audience makes has only to be told from readings that are restless by themselves.
constexpr double kSuddenErrors = 4;

/// Of a silence before one, in seconds: what an event brings in it is expected all the same.
constexpr std::int64_t kMostUnseen = std::numeric_limits<std::uint16_t>::max();

/// Before so many minutes were seen nothing is claimed, and so nothing judged.
constexpr double kTellingMinutes = 30;
/// Readings farther apart say little of a pace by the minute.
constexpr double kPaceMinutes = 6;
/// Of the usual time between readings, so that one that is missed hardly counts.
constexpr double kStepGain = 0.05;

bool is_demand(const model::DemandSample& sample) {
  const double viewers = sample.viewers.count();
  const std::int64_t at = sample.at.time_since_epoch().count();
  return std::isfinite(viewers) && viewers >= 0 && viewers <= kMostViewers && at >= kEarliest &&
         at <= kLatest;
}

double mix(double mean, double value, double minutes, double memory) {
  return mean + (1 - std::exp(-minutes / memory)) * (value - mean);
}

/// Sets the offset anew when the usual demand has moved, everything kept meaning the same viewers.
void follow_scale(ForecastState& state) {
  Recent& recent = state.recent;
  const double wanted = 1 + kOffsetShare * recent.mean_viewers;
  if (wanted < recent.offset * kOffsetDrift && wanted * kOffsetDrift > recent.offset) return;
  const auto moved = [&](double log) { return std::log(viewers_of(recent, log) + wanted); };
  state.habits.remap(moved);
  for (double* mean : {&recent.quick, &recent.medium, &recent.slow}) *mean = moved(*mean);
  recent.offset = wanted;
  for (HorizonTracker& tracker : state.trackers) tracker.forget_pending();
}

void begin_at(Recent& recent, double log_now) {
  recent.quick = recent.medium = recent.slow = log_now;
}

double seconds(std::int64_t from, std::int64_t to) { return static_cast<double>(to - from); }

/// The deepest fall to `reading` that no audience makes. Where people may be leaving, a part of the
/// telemetry that is lost shows as what falls faster than the minutes before it did, or, once the
/// first fall is doubted no more, within one reading.
Change abrupt_fall(const Recent& recent, Reading reading) {
  const bool doubted = reading.at <= recent.held_until;
  const bool leaving = reading.at - recent.held_until <= kDoubtSeconds;
  const std::int64_t since = doubted ? recent.fell_at : 0;
  const auto recently = [&](const Reading& previous) {
    return previous.at > 0 && reading.at - previous.at <= kAbruptSeconds;
  };
  const auto end = std::ranges::find_if_not(recent.previous, recently);
  const auto log_of = [&](const Reading& of) { return log_demand(recent, of.viewers); };
  Change deepest;
  for (auto from = recent.previous.begin(); from != end && from->at >= since; ++from) {
    double depth = log_of(*from) - log_of(reading);
    if (doubted || (leaving && from != recent.previous.begin())) {
      const Reading& oldest = *(end - 1);
      if (oldest == *from) continue;
      const double fell_before = std::max(0.0, log_of(oldest) - log_of(*from));
      depth -= fell_before * seconds(from->at, reading.at) / seconds(oldest.at, from->at);
    }
    if (depth > deepest.depth) deepest = {from->viewers, depth};
  }
  return deepest;
}

/// Notices an abrupt fall, which is more often a counter or a player restarting than an audience
/// leaving, and its end. One more while the first is doubted is doubted for as long again; one that
/// no audience makes for as long as the event under way may last.
void guard_against_outage(ForecastState& state, Reading reading, const Context& context) {
  const model::EventCalendar& calendar = context.calendar;
  Recent& recent = state.recent;
  note_spike(state, reading, context);
  if (recent.suddenly_at != 0 && most_are_back(state, reading, calendar)) believe_fall(state);
  if (recent.suddenly_at != 0) {
    recent.held_until = doubted_until(state, calendar);
    go_on_doubting(state, reading, calendar);
  }
  const bool doubted = reading.at <= recent.held_until;
  const Instant fell{Seconds{recent.fell_at}};
  const Instant at{Seconds{reading.at}};
  if (doubted && are_back(recent, reading)) {
    forget_doubted_fall(state.running, fell, at);
    recent.held_until = recent.suddenly_at = 0;
    return;
  }
  // Nobody came back: who is there now is the level, and no fall of this minute.
  if (!doubted && recent.last.at <= recent.held_until)
    begin_at(recent, log_demand(recent, reading.viewers));
  if (!doubted) recent.suddenly_at = 0;
  const double noise = kAbruptErrors * usual_error(state);
  const auto sudden = sudden_fall(state, reading, calendar);
  const bool is_sudden = sudden && sudden->depth > kSuddenErrors * usual_error(state);
  Change fall = abrupt_fall(recent, reading);
  if (const Change behind = fall_behind_ramp(state, reading, calendar);
      !is_sudden && behind.depth > fall.depth)
    fall = behind;
  if (!is_sudden && (fall.depth <= kAbruptFall || fall.depth <= noise)) return;
  if (doubted) forget_doubted_fall(state.running, fell, at);
  const bool ended_a_spike = recent.fell_at == recent.spike_ended_at;
  if (!doubted || (is_sudden && ended_a_spike))
    recent.held_viewers = std::max(fall.from, is_sudden ? sudden->from : 0);
  recent.fell_at = reading.at;
  if (is_sudden && recent.suddenly_at == 0) {
    recent.suddenly_at = reading.at;
    recent.unseen_seconds = static_cast<std::uint16_t>(
        std::min<std::int64_t>(reading.at - recent.last.at, kMostUnseen));
    recent.fell_from = static_cast<float>(recent.held_viewers);
    recent.fell_to = static_cast<float>(reading.viewers);
  }
  recent.held_until = doubted_until(state, calendar);
  if (recent.suddenly_at == 0) return;
  recent.fell_to = std::min(recent.fell_to, static_cast<float>(reading.viewers));
  go_on_doubting(state, reading, calendar);
}

void start(ForecastState& state, Reading reading) {
  Recent& recent = state.recent;
  recent.any = true;
  recent.resumed_at = reading.at;
  recent.mean_viewers = reading.viewers;
  recent.offset = 1 + kOffsetShare * reading.viewers;
  begin_at(recent, log_demand(recent, reading.viewers));
}

/// Averages that go on whatever happens.
void follow_averages(Recent& recent, double viewers, double minutes) {
  recent.seen_minutes += minutes;
  const double gain = std::max(minutes / kWeekMinutes, minutes / recent.seen_minutes);
  recent.mean_viewers += std::min(1.0, gain) * (viewers - recent.mean_viewers);
  recent.peak_viewers = std::max(viewers, recent.peak_viewers * std::exp(-minutes / kWeekMinutes));
}

void follow_slopes(Recent& recent, double log_now, double minutes) {
  recent.quick = mix(recent.quick, log_now, minutes, 3);
  recent.medium = mix(recent.medium, log_now, minutes, 15);
  recent.slow = mix(recent.slow, log_now, minutes, 60);
}

/// Notes how fast the audience of an event, or of a channel that begins, changes from the minute
/// before.
void follow_pace(ForecastState& state, const Outlook& outlook, double minutes) {
  const Reading& before = state.recent.previous.front();
  if (before.at <= 0 || minutes > kPaceMinutes) return;
  const double growth = outlook.log_now() - log_demand(state.recent, before.viewers);
  if (outlook.beginning()) {
    state.beginnings.learn(*outlook.beginning(), growth, minutes);
  } else if (outlook.phase() && outlook.in_phase() >= kMostlyInPhase) {
    state.pace.learn(*outlook.phase(), growth, minutes);
  }
}

void bridge_gap(ForecastState& state, double log_now, double minutes, Seconds time_of_week) {
  for (HorizonTracker& tracker : state.trackers) tracker.forget_pending();
  state.accuracy.forget_pending();
  Recent& recent = state.recent;
  begin_at(recent, log_now);
  recent.resumed_at = recent.last.at;
  if (minutes > kForgottenMinutes) {
    for (HorizonTracker& tracker : state.trackers) tracker.forget_surges();
    state.accuracy = {};
    state.habits.shift_level(log_now - state.habits.season(time_of_week));
  }
}

/// Keeps what is forecast now for a window that is due, to be held against what comes.
void keep_forecast(ForecastState& state, Instant at, const Context& context) {
  const auto minutes = state.accuracy.due(at.time_since_epoch().count() / 60);
  if (!minutes || state.recent.seen_minutes < kTellingMinutes) return;
  const Seconds length{static_cast<std::int64_t>(*minutes * 60)};
  const TrackedConfidence confidence(context.confidence);
  Sights sights(state, at, length, context);
  const PeakDemand peak = OwnWindowPeak(sights, length).at(confidence);
  state.accuracy.expect(present_of(state.recent, at, context), peak.quantile.count(),
                        confidence.value());
}

/// Learns a reading that is the first of its minute.
void learn_minute(ForecastState& state, Reading reading, const Context& context, double passed) {
  Recent& recent = state.recent;
  const Instant at{Seconds{reading.at}};
  const Seconds time_of_week = context.offsets.local_time_of_week(at);
  const double minutes = std::min(passed, kLongestStep);
  if (passed > kGapMinutes)
    bridge_gap(state, log_demand(recent, reading.viewers), passed, time_of_week);
  follow_averages(recent, reading.viewers, minutes);
  follow_scale(state);

  Outlook outlook(state, context, at, std::chrono::hours{2});
  const bool doubted = reading.at <= recent.held_until;
  const std::int64_t minute = reading.at / 60;
  const double log_read = log_demand(recent, reading.viewers);
  const double step = std::round(recent.step);
  for (HorizonTracker& tracker : state.trackers) tracker.observe(minute, log_read, step);
  state.accuracy.observe({.minute = minute,
                          .time_of_week = time_of_week,
                          .viewers = reading.viewers,
                          .offset = recent.offset});
  follow_slopes(recent, outlook.log_now(), minutes);
  if (doubted) {
    if (recent.suddenly_at == 0) note_doubted_fall(state.running, at, reading.viewers);
    return;
  }
  follow_pace(state, outlook, minutes);
  follow_events(state, outlook, context.calendar, minutes);
  outlook.place_events();
  if (!outlook.in_event())
    state.habits.learn(outlook.log_now(), time_of_week, minutes, state.gains());
  const Expectations expectations(state, outlook);
  for (std::size_t i = 0; i < kHorizons.size(); ++i) {
    HorizonTracker& tracker = state.trackers[i];
    if (tracker.due(minute)) tracker.expect(minute, outlook.log_now(), expectations.at(i));
  }
  keep_forecast(state, at, context);
}

void take(ForecastState& state, Reading reading, const Context& context) {
  Recent& recent = state.recent;
  if (!recent.any) start(state, reading);
  guard_against_outage(state, reading, context);
  if (recent.spike_ended_at == reading.at) forget_before(recent, reading.viewers);
  const std::int64_t minutes = reading.at / 60 - recent.previous.front().at / 60;
  const bool first = recent.seen_minutes <= 0;
  recent.last = reading;
  if (!first && minutes <= 0) return;
  const double passed = first ? 1 : static_cast<double>(minutes);
  if (!first && passed <= kLongestStep)
    recent.step += static_cast<float>(kStepGain * (passed - recent.step));
  learn_minute(state, reading, context, passed);
  std::shift_right(recent.previous.begin(), recent.previous.end(), 1);
  recent.previous.front() = reading;
}

}  // namespace

void advance(ForecastState& state, std::span<const model::DemandSample> samples,
             const Context& context) {
  for (const model::DemandSample& sample : samples) {
    const Reading reading{sample.at.time_since_epoch().count(), sample.viewers.count()};
    if (!is_demand(sample) || (state.recent.any && reading.at <= state.recent.last.at)) continue;
    take(state, reading, context);
  }
}

ForecastState learn(std::span<const model::DemandSample> samples, const Context& context) {
  ForecastState state;
  state.fitted = fit(SmoothingModel{}, samples, context.calendar, context.offsets);
  advance(state, samples, context);
  return state;
}

}  // namespace edgetide::forecast
