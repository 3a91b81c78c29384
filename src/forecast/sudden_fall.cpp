#include "sudden_fall.h"

#include <algorithm>

#include "outlook.h"
#include "under_way.h"

namespace edgetide::forecast {
namespace {

using Reading = Recent::Reading;

constexpr double kIsBack = 0.96;
/// So many are most; of half, kick-offs take longer than so long to make as many.
constexpr double kMostAreBack = 0.8;
constexpr std::int64_t kAtOnceSeconds = 2 * 60;
/// Who is twice as many as within two minutes before has come back, not come.
constexpr double kFastestArrival = kFastestFall / 2;

Instant instant(std::int64_t seconds) { return Instant{Seconds{seconds}}; }

/// So many times as many as in the fourth reading before, of those that a minute counts.
constexpr double kStillRise = 1.1;
/// Of readings that were missed, as a multiple of the usual time from one to the next.
constexpr double kSilence = 1.5;
/// Fewer of those before are left beside no event that does not come; as many of what its like
/// bring show that it has come.
constexpr double kMostOfThem = 0.75;
/// So many times what is believed of an event goes beyond it, as long as most of that may still
/// come,
constexpr double kFarBeyond = 4;
/// and once it has.
constexpr double kBeyondWhatCame = 2;

bool was_silent(const Recent& recent, const Reading& reading) {
  const double passed = static_cast<double>(reading.at - recent.last.at) / 60;
  return recent.last.at > 0 && passed > kSilence * recent.step;
}

Change fall_from(const Recent& recent, double viewers, const Reading& reading) {
  return {viewers, log_demand(recent, viewers) - log_demand(recent, reading.viewers)};
}

/// Who should be there after a silence in which an event has come, where fewer than half are told.
std::optional<Brings> missed_by(const ForecastState& state, const Reading& reading,
                                const model::EventCalendar& calendar) {
  if (!was_silent(state.recent, reading)) return std::nullopt;
  const auto due = came_unseen(state, calendar, state.recent.last, instant(reading.at));
  if (!due || reading.viewers >= kHalf * (due->before + due->size)) return std::nullopt;
  return due;
}

/// Nobody saw how fast they fell, but fewer than half of those are told whom an event holds; or
/// than it has brought in the silence, and fewer than were there before, which no late one leaves.
Change fall_in_silence(const ForecastState& state, const Reading& reading,
                       const model::EventCalendar& calendar) {
  const Recent& recent = state.recent;
  if (!was_silent(recent, reading)) return {};
  const double held = held_by_events(state, calendar, recent.last, instant(reading.at));
  const auto missed = missed_by(state, reading, calendar);
  const bool is_less = missed && reading.viewers < kMostOfThem * missed->before;
  if (reading.viewers >= kHalf * held && !is_less) return {};
  return fall_from(recent, recent.last.viewers, reading);
}

/// Were they the same part of an audience that has grown since it fell, this would not go far
/// beyond what is believed of an event, which may come early or late.
bool may_be_a_part(const ForecastState& state, const Reading& reading,
                   const model::EventCalendar& calendar) {
  const Recent& recent = state.recent;
  const Instant at = instant(reading.at);
  return std::ranges::any_of(calendar.touching(at, at), [&](const auto* event) {
    const double before = brought_by(state, *event).before;
    const double usual = std::exp(state.events.size_of(*event, before).log_mean);
    const bool has_come = recent.fell_from >= before + kMostOfThem * usual;
    const double most = before + (has_come ? kBeyondWhatCame : kFarBeyond) * usual;
    return recent.fell_from * reading.viewers <= most * recent.fell_to;
  });
}

/// As suddenly as nobody comes. Whoever left or came meanwhile did so from the part that was told,
/// too.
bool undoes_the_fall(const Recent& recent, const Reading& reading) {
  const auto step = static_cast<std::int64_t>(60 * kSilence * recent.step);
  const double rise =
      fastest_change(recent, reading, 1, kFastestArrival, std::max(kAtOnceSeconds, step)).depth;
  const double fall = log_demand(recent, recent.fell_from) - log_demand(recent, recent.fell_to);
  return rise > 0 && rise >= fall + std::log(kMostAreBack);
}

/// A window that fills beside a kick-off tells many, and not yet most.
bool still_rise(const Recent& recent, const Reading& reading) {
  const Reading& before = recent.previous.back();
  return before.at <= recent.suddenly_at || reading.viewers > kStillRise * before.viewers;
}

enum class Guesses { kIgnored, kCount };

/// Those who fell suddenly, and whom an event is expected to have brought since.
double expected_by(const ForecastState& state, std::int64_t now,
                   const model::EventCalendar& calendar, Guesses guesses) {
  const Recent& recent = state.recent;
  const Instant at = instant(now);
  const Instant fell = instant(recent.suddenly_at - recent.unseen_seconds);
  double most = recent.fell_from;
  for (const model::StreamEvent* event : calendar.touching(fell, at)) {
    if (guesses == Guesses::kIgnored && is_guessed(state, *event)) continue;
    // Of an overrun nobody knows what it brings.
    const auto shape = [&](Instant when) {
      return state.events.shape(minutes_of(std::min(when, event->end()) - event->start), *event);
    };
    const double brought = brought_by(state, *event).size * (shape(at) - shape(fell));
    most = std::max(most, recent.fell_from + brought);
  }
  return most;
}

}  // namespace

std::optional<Change> sudden_fall(const ForecastState& state, const Reading& reading,
                                  const model::EventCalendar& calendar) {
  if (state.recent.spike_ended_at == reading.at) return std::nullopt;
  Change fall = fastest_change(state.recent, reading, -1, kFastestFall);
  if (fall.depth <= 0) fall = fall_in_silence(state, reading, calendar);
  if (fall.depth <= 0) return std::nullopt;
  if (under_way(state, calendar, instant(reading.at)).event == nullptr) return std::nullopt;
  return fall;
}

std::int64_t doubted_until(const ForecastState& state, const model::EventCalendar& calendar) {
  const Recent& recent = state.recent;
  const std::int64_t as_any = recent.fell_at + kDoubtSeconds;
  if (recent.suddenly_at == 0) return as_any;
  const UnderWay longest = under_way(state, calendar, instant(recent.suddenly_at));
  if (longest.event == nullptr) return std::max(as_any, recent.last.at);
  return std::max<std::int64_t>(as_any, longest.until.time_since_epoch().count());
}

Change fall_behind_ramp(const ForecastState& state, const Reading& reading,
                        const model::EventCalendar& calendar) {
  const auto missed = missed_by(state, reading, calendar);
  if (!missed) return {};
  return fall_from(state.recent, missed->before + missed->size, reading);
}

void go_on_doubting(ForecastState& state, const Reading& reading,
                    const model::EventCalendar& calendar) {
  Recent& recent = state.recent;
  const double expected = expected_by(state, reading.at, calendar, Guesses::kCount);
  recent.held_viewers = std::max(recent.held_viewers, expected);
}

bool are_back(const Recent& recent, const Reading& reading) {
  return recent.suddenly_at == 0 && reading.viewers >= kIsBack * recent.held_viewers;
}

bool most_are_back(const ForecastState& state, const Reading& reading,
                   const model::EventCalendar& calendar) {
  const Recent& recent = state.recent;
  if (undoes_the_fall(recent, reading)) return true;
  const bool at_once = reading.at - recent.suddenly_at <= kAtOnceSeconds;
  if (at_once) return reading.viewers >= kMostAreBack * recent.fell_from;
  if (still_rise(recent, reading)) return false;
  const double expected = expected_by(state, reading.at, calendar, Guesses::kIgnored);
  return reading.viewers >= kMostAreBack * expected && !may_be_a_part(state, reading, calendar);
}

std::optional<model::DoubtedFall> doubted_fall(const ForecastState& state,
                                               const model::EventCalendar& calendar) {
  const Recent& recent = state.recent;
  if (recent.suddenly_at == 0) return std::nullopt;
  const Instant at = instant(recent.suddenly_at);
  const Instant until = std::min(instant(recent.held_until), at + kLongestDoubt);
  if (instant(recent.last.at) > until) return std::nullopt;
  const UnderWay longest = under_way(state, calendar, at);
  if (longest.event == nullptr) return std::nullopt;
  return model::DoubtedFall{.at = at,
                            .before = Viewers{static_cast<double>(recent.fell_from)},
                            .believed = Viewers{effective_viewers(recent, until)},
                            .until = until,
                            .event = longest.event->name};
}

void believe_fall(ForecastState& state) {
  Recent& recent = state.recent;
  if (recent.suddenly_at == 0) return;
  recent.suddenly_at = 0;
  recent.held_until = std::max(recent.fell_at + kDoubtSeconds, recent.last.at);
  forget_before(recent, recent.last.viewers);
}

}  // namespace edgetide::forecast
