#include <algorithm>
#include <cmath>

#include "edgetide/forecast/demand_forecaster.h"
#include "outlook.h"

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

/// Outage guard: a fall within three minutes by 15 % and twelve usual errors is doubted for 15
/// minutes. Audiences leave quickly too, and doubting that costs more than it saves.
constexpr std::int64_t kAbruptSeconds = 6 * 60;
constexpr double kAbruptFall = 0.15;
constexpr double kAbruptErrors = 12;
constexpr std::int64_t kDoubtSeconds = 15 * 60;
constexpr double kIsBack = 0.96;

/// Scale of an event under way: how much its shape says, and how slowly it is lowered.
constexpr double kTellingShape = 0.15;
constexpr double kShapeNoise = 0.3;
constexpr double kLoweringMinutes = 20;
constexpr double kMostScale = 2.3;
/// Before so many minutes were seen nothing is claimed, and so nothing judged.
constexpr double kTellingMinutes = 30;
/// Readings farther apart say little of a pace by the minute.
constexpr double kPaceMinutes = 6;
/// Of the usual time between readings, so that one that is missed hardly counts.
constexpr double kStepGain = 0.05;
/// A record with fewer bins seen is not learned from.
constexpr int kFewestBins = 20;

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

/// Notices an abrupt fall, which is more often a counter or a player restarting than an audience
/// leaving, and its end.
void guard_against_outage(ForecastState& state, Reading reading) {
  Recent& recent = state.recent;
  if (reading.at <= recent.held_until) {
    if (reading.viewers >= kIsBack * recent.held_viewers) recent.held_until = 0;
    return;
  }
  double before = 0;
  for (const Reading& previous : recent.previous) {
    if (previous.at > 0 && reading.at - previous.at <= kAbruptSeconds)
      before = std::max(before, previous.viewers);
  }
  const double fall = log_demand(recent, before) - log_demand(recent, reading.viewers);
  if (before <= 0 || fall <= std::max(kAbruptFall, kAbruptErrors * usual_error(state))) return;
  recent.held_viewers = before;
  recent.held_until = reading.at + kDoubtSeconds;
}

void start(ForecastState& state, Reading reading) {
  Recent& recent = state.recent;
  recent.any = true;
  recent.resumed_at = reading.at;
  recent.mean_viewers = reading.viewers;
  recent.offset = 1 + kOffsetShare * reading.viewers;
  recent.quick = recent.medium = recent.slow = log_demand(recent, reading.viewers);
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

bool same_event(const RunningEvent& running, const model::StreamEvent& event) {
  return running.start == event.start.time_since_epoch().count() &&
         running.event_class == class_id(event.event_class);
}

/// Begins to follow an event whose ramp begins, unless one with the same start is followed already.
void follow_new(RunningEvents& running, const Outlook::NearEvent& near, double viewers) {
  if (near.running != nullptr || near.minute > 0) return;
  if (near.minute < -static_cast<double>(near.event->ramp_up.count()) / 60) return;
  const std::int64_t start = near.event->start.time_since_epoch().count();
  const auto taken = [&](const RunningEvent& r) { return r.event_class != 0 && r.start == start; };
  if (std::ranges::any_of(running, taken)) return;
  const auto place = std::ranges::find(running, 0U, &RunningEvent::event_class);
  if (place == running.end()) return;
  *place = RunningEvent{.start = start,
                        .event_class = class_id(near.event->event_class),
                        .before = static_cast<float>(viewers)};
  place->uplift.fill(-1);
}

/// Notes the uplift of this minute, and how the event compares with what was believed of it: raised
/// at once, lowered slowly.
void follow_running(RunningEvent& running, const EventMemory& memory, const Outlook& outlook,
                    const Outlook::NearEvent& near, double minutes) {
  const double uplift = std::max(0.0, outlook.viewers() - running.before);
  running.peak = std::max(running.peak, static_cast<float>(uplift));
  const double position = (near.minute - EventMemory::kFirstMinute) / EventMemory::kBinMinutes;
  if (position >= 0 && position < EventMemory::kBins)
    running.uplift[static_cast<int>(position)] = static_cast<float>(uplift);

  const double shape = memory.shape(near.minute, *near.event);
  if (shape < kTellingShape) return;
  if (outlook.not_begun(near)) return;
  const double believed = std::exp(near.log_size - running.log_scale);
  const double weight = shape * shape / (shape * shape + kShapeNoise * kShapeNoise);
  const double seen = std::log(std::max(uplift / believed, 0.02) / shape);
  const double scale = weight * std::clamp(seen, -kMostScale, kMostScale);
  const double gain = scale > running.log_scale ? 1 : std::min(1.0, minutes / kLoweringMinutes);
  running.log_scale += static_cast<float>(gain * (scale - running.log_scale));
  running.certainty = std::max(running.certainty, static_cast<float>(weight));
}

/// One that was moved or cancelled meanwhile is announced no more.
bool still_announced(const RunningEvent& running, const model::EventCalendar& calendar) {
  const Instant start{Seconds{running.start}};
  const auto events =
      std::ranges::equal_range(calendar.events(), start, {}, &model::StreamEvent::start);
  return std::ranges::any_of(events, [&](const auto& event) { return same_event(running, event); });
}

/// Learns what an event has brought. One that never came to be teaches nothing of its class.
void finish(ForecastState& state, RunningEvent& running, const model::EventCalendar& calendar) {
  const auto seen = std::ranges::count_if(running.uplift, [](float u) { return u >= 0; });
  if (seen >= kFewestBins && still_announced(running, calendar))
    state.events.learn(running.event_class, running.peak, running.before, running.uplift);
  running = RunningEvent{};
}

void follow_events(ForecastState& state, const Outlook& outlook,
                   const model::EventCalendar& calendar, double minutes) {
  for (RunningEvent& running : state.running) {
    if (running.event_class == 0) continue;
    const auto near = std::ranges::find_if(outlook.events(), [&](const auto& candidate) {
      return same_event(running, *candidate.event);
    });
    if (near == outlook.events().end() || near->minute > EventMemory::kLastMinute) {
      finish(state, running, calendar);
    } else {
      follow_running(running, state.events, outlook, *near, minutes);
    }
  }
  for (const Outlook::NearEvent& near : outlook.events())
    follow_new(state.running, near, outlook.viewers());
}

/// Notes how fast the audience of an event, or of a channel that begins, changes from the minute
/// before.
void follow_pace(ForecastState& state, const Outlook& outlook, double minutes) {
  const Reading& before = state.recent.previous.front();
  if (before.at <= 0 || minutes > kPaceMinutes) return;
  const double growth = outlook.log_now() - log_demand(state.recent, before.viewers);
  if (outlook.beginning()) {
    state.beginnings.learn(*outlook.beginning(), growth, minutes);
  } else if (outlook.phase()) {
    state.pace.learn(*outlook.phase(), growth, minutes);
  }
}

void bridge_gap(ForecastState& state, double log_now, double minutes, Seconds time_of_week) {
  for (HorizonTracker& tracker : state.trackers) tracker.forget_pending();
  state.accuracy.forget_pending();
  Recent& recent = state.recent;
  recent.quick = recent.medium = recent.slow = log_now;
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
  const PeakWindow window{.now = at,
                          .length = Seconds{static_cast<std::int64_t>(*minutes * 60)},
                          .confidence = std::clamp(context.confidence, 0.5, 0.99999)};
  const auto peak = own_window_peak(state, window, context);
  state.accuracy.expect(present_of(state.recent, at, context), peak.quantile.count(),
                        window.confidence);
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

  const Outlook outlook(state, context, at, std::chrono::hours{2});
  const bool doubted = reading.at <= recent.held_until;
  const std::int64_t minute = reading.at / 60;
  for (HorizonTracker& tracker : state.trackers)
    tracker.observe(minute, log_demand(recent, reading.viewers), minutes);
  state.accuracy.observe({.minute = minute,
                          .time_of_week = time_of_week,
                          .viewers = reading.viewers,
                          .offset = recent.offset});
  follow_slopes(recent, outlook.log_now(), minutes);
  if (doubted) return;
  follow_pace(state, outlook, minutes);
  follow_events(state, outlook, context.calendar, minutes);
  if (!outlook.in_event())
    state.habits.learn(outlook.log_now(), time_of_week, minutes, state.model);
  for (std::size_t i = 0; i < kHorizons.size(); ++i) {
    HorizonTracker& tracker = state.trackers[i];
    tracker.expect(minute, outlook.log_now(), outlook.features(tracker, kHorizons[i]));
  }
  keep_forecast(state, at, context);
}

void take(ForecastState& state, Reading reading, const Context& context) {
  Recent& recent = state.recent;
  if (!recent.any) start(state, reading);
  guard_against_outage(state, reading);
  const std::int64_t minute = reading.at / 60;
  const bool first = recent.seen_minutes <= 0;
  recent.last = reading;
  if (!first && minute <= recent.last_minute) return;
  const double passed = first ? 1 : static_cast<double>(minute - recent.last_minute);
  recent.last_minute = minute;
  if (!first && passed <= kLongestStep) recent.step += kStepGain * (passed - recent.step);
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
  state.model = fit(SmoothingModel{}, samples, context.calendar, context.offsets);
  advance(state, samples, context);
  return state;
}

}  // namespace edgetide::forecast
