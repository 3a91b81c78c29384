#include "sudden_fall.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace edgetide::forecast {
namespace {

using model::StreamEvent;
using Reading = Recent::Reading;

/// Of log demand a minute: halved. The steepest cliffs known, such as after a final whistle, take
/// four.
constexpr double kFastestFall = std::numbers::ln2;
/// Of log demand a minute: threefold. Kick-offs double an audience in two.
const double kFastestRise = std::log(3.0);
/// Farther back nothing is compared.
constexpr std::int64_t kComparedSeconds = 6 * 60;
/// A fall by as much as the rise was, give or take that factor, ends it,
const double kSameSize = std::log(1.5);
/// if it comes within so long.
constexpr std::int64_t kLongestSpike = 3 * 3600;
constexpr Seconds kLongestDoubt{std::chrono::hours{3}};
constexpr Seconds kNearEnd{std::chrono::minutes{5}};
/// Events whose course was seen, from which it counts.
constexpr double kKnownCourse = 3;
constexpr double kHalf = 0.5;
constexpr double kIsBack = 0.96;

double minutes_of(Seconds span) { return static_cast<double>(span.count()) / 60; }

/// By how much log demand changed, at most, between one of the last readings and `reading`; `sign`
/// is -1 for a fall. Only what is faster than `fastest` counts, which a minute's worth stands for
/// at least.
Fall fastest_change(const Recent& recent, const Reading& reading, int sign, double fastest) {
  Fall most;
  const double now = reading.viewers + recent.offset;
  const auto compare = [&](const Reading& from) {
    const std::int64_t passed = reading.at - from.at;
    if (from.at <= 0 || passed > kComparedSeconds) return;
    const double ratio = now / (from.viewers + recent.offset);
    if (sign < 0 ? ratio > kHalf : ratio < 1 / kHalf) return;
    const double depth = sign * std::log(ratio);
    const double minutes = std::max(1.0, static_cast<double>(passed) / 60);
    if (depth > fastest * minutes && depth > most.depth) most = {from.viewers, depth};
  };
  compare(recent.last);
  for (const Reading& previous : recent.previous) compare(previous);
  return most;
}

bool ends_a_spike(const Recent& recent, double depth, std::int64_t at) {
  return at - recent.rose_at <= kLongestSpike && std::abs(depth - recent.rise) <= kSameSize;
}

/// A rise whose spike ended then counts as one of so long ago that nothing ends it once no reading
/// is compared any more with one from before its end.
std::int64_t rose_at_of_ended(std::int64_t end) { return end + kComparedSeconds - kLongestSpike; }

/// What comes back after a fall is no spike; what comes again after the end of one may be.
bool comes_back(const Recent& recent, std::int64_t at) {
  if (at - recent.fell_at > kLongestSpike) return false;
  const bool ended_a_spike = recent.rose_at == rose_at_of_ended(recent.fell_at);
  const bool rose_again = recent.rose_at > recent.fell_at;
  return !ended_a_spike && !rose_again;
}

/// Nobody saw how fast they fell, and it is not doubted; what comes back is no spike all the same.
void note_fall_in_silence(Recent& recent, const Reading& reading) {
  const bool doubted = reading.at <= recent.held_until;
  if (doubted || reading.at - recent.last.at <= kComparedSeconds) return;
  if (reading.viewers + recent.offset <= kHalf * (recent.last.viewers + recent.offset))
    recent.fell_at = reading.at;
}

void note_sudden_rise(Recent& recent, const Reading& reading) {
  if (comes_back(recent, reading.at)) return;
  const double rise = fastest_change(recent, reading, 1, kFastestRise).depth;
  const bool goes_on = reading.at - recent.rose_at <= kComparedSeconds;
  if (rise <= 0 || (goes_on && rise <= recent.rise)) return;
  recent.rose_at = reading.at;
  recent.rise = static_cast<float>(rise);
}

void note_its_end(Recent& recent, const Reading& reading) {
  const double depth = fastest_change(recent, reading, -1, kFastestFall).depth;
  if (depth > 0 && ends_a_spike(recent, depth, reading.at))
    recent.rose_at = std::min(recent.rose_at, rose_at_of_ended(reading.at));
}

/// The announced end, or a later one that events were seen to have.
Instant expected_end(const EventMemory& memory, const StreamEvent& event) {
  Instant end = event.end();
  for (double minute = minutes_of(event.duration); minute < EventMemory::kLastMinute;
       minute += EventMemory::kBinMinutes) {
    if (memory.shapes_seen(minute) < kKnownCourse || memory.shape(minute, event) < kHalf) break;
    end = event.start + Seconds{static_cast<std::int64_t>(60 * minute)};
  }
  return end;
}

/// At its announced end, or where its like have seen most of their audience leave, players may
/// close all at once. Beyond either the audience is there for longer, and whether it leaves its
/// pace tells.
bool may_end_now(const EventMemory& memory, const StreamEvent& event, Instant at) {
  if (at >= event.end() - kNearEnd && at <= event.end() + kNearEnd) return true;
  const double minute = minutes_of(at - event.start);
  const double near = minutes_of(kNearEnd);
  if (minute < near || minute + near > EventMemory::kLastMinute) return false;
  return memory.shapes_seen(minute) >= kKnownCourse &&
         memory.shape(minute - near, event) >= kHalf && memory.shape(minute + near, event) < kHalf;
}

/// Who was there before an event, and what it is believed to bring.
struct Brings {
  double before;
  double size;
};

Brings brought_by(const ForecastState& state, const StreamEvent& event) {
  const RunningEvent* running = running_record(state, event);
  const double before = running != nullptr ? running->before : state.recent.mean_viewers;
  const double scale = running != nullptr ? running->log_scale : 0;
  return {before, std::exp(state.events.size_of(event, before).log_mean + scale)};
}

/// Much of the audience is there for it, and its course is known that far.
bool holds_audience(const ForecastState& state, const StreamEvent& event, Instant at) {
  const auto [before, size] = brought_by(state, event);
  return size >= kHalf * before && minutes_of(at - event.start) < EventMemory::kLastMinute;
}

/// An event under way, and until when it may hold its audience.
struct UnderWay {
  const StreamEvent* event = nullptr;
  Instant until{};
};

/// Of the events that are under way and may not end now the one that may last longest.
UnderWay under_way(const ForecastState& state, const model::EventCalendar& calendar, Instant at) {
  UnderWay longest;
  for (const StreamEvent* event : calendar.touching(at, at)) {
    if (may_end_now(state.events, *event, at) || !holds_audience(state, *event, at)) continue;
    const Seconds overrun = event->overrun_end() - event->end();
    const Instant until =
        std::min(expected_end(state.events, *event) + overrun, at + kLongestDoubt);
    if (longest.event == nullptr || until > longest.until) longest = {event, until};
  }
  return longest;
}

Instant instant(std::int64_t seconds) { return Instant{Seconds{seconds}}; }

}  // namespace

std::optional<Fall> sudden_fall(const ForecastState& state, const Reading& reading,
                                const model::EventCalendar& calendar) {
  const Fall fall = fastest_change(state.recent, reading, -1, kFastestFall);
  if (fall.depth <= 0 || ends_a_spike(state.recent, fall.depth, reading.at)) return std::nullopt;
  if (under_way(state, calendar, instant(reading.at)).event == nullptr) return std::nullopt;
  return fall;
}

void note_spike(Recent& recent, const Reading& reading) {
  note_fall_in_silence(recent, reading);
  note_sudden_rise(recent, reading);
  note_its_end(recent, reading);
}

std::int64_t doubted_until(const ForecastState& state, const model::EventCalendar& calendar) {
  const Recent& recent = state.recent;
  const std::int64_t as_any = recent.fell_at + kDoubtSeconds;
  if (recent.suddenly_at == 0) return as_any;
  const UnderWay longest = under_way(state, calendar, instant(recent.suddenly_at));
  if (longest.event == nullptr) return std::max(as_any, recent.last.at);
  return std::max<std::int64_t>(as_any, longest.until.time_since_epoch().count());
}

void expect_growth(ForecastState& state, std::int64_t now, const model::EventCalendar& calendar) {
  Recent& recent = state.recent;
  const Instant fell = instant(recent.suddenly_at);
  for (const StreamEvent* event : calendar.touching(fell, instant(now))) {
    const double size = brought_by(state, *event).size;
    const auto shape = [&](Instant at) {
      return state.events.shape(minutes_of(at - event->start), *event);
    };
    const double brought = size * (shape(instant(now)) - shape(fell));
    recent.held_viewers = std::max(recent.held_viewers, recent.fell_from + brought);
  }
}

bool are_back(const Recent& recent, const Reading& reading) {
  if (reading.viewers >= kIsBack * recent.held_viewers) return true;
  return recent.suddenly_at != 0 && reading.viewers >= kIsBack * recent.fell_from &&
         fastest_change(recent, reading, 1, kFastestFall).depth > 0;
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
                            .until = until,
                            .event = longest.event->name};
}

void believe_fall(ForecastState& state) {
  Recent& recent = state.recent;
  if (recent.suddenly_at == 0) return;
  recent.suddenly_at = 0;
  recent.held_until = std::max(recent.fell_at + kDoubtSeconds, recent.last.at);
  // Nothing falls from what was there before any more.
  for (Reading& previous : recent.previous) previous.viewers = recent.last.viewers;
}

}  // namespace edgetide::forecast
