#include "under_way.h"

#include <algorithm>
#include <cmath>

#include "abrupt_change.h"
#include "outlook.h"

namespace edgetide::forecast {
namespace {

using model::StreamEvent;

constexpr Seconds kNearEnd{std::chrono::minutes{5}};
/// Where nobody looks at it, an event that was announced for longer may be over so early.
constexpr Seconds kEndsEarly{std::chrono::minutes{15}};
/// Begun by so much later it has begun on time.
constexpr Seconds kHardlyLate{std::chrono::minutes{5}};
/// Of its course, from which on it shows that it is late.
constexpr double kTellingShare = 0.15;

/// At its announced end, or where its like have seen most of their audience leave before that,
/// players may close all at once. Beyond either the audience is there for longer, and whether it
/// leaves its pace tells.
bool may_end_now(const EventMemory& memory, const StreamEvent& event, Instant at) {
  if (at >= event.end() - kNearEnd && at <= event.end() + kNearEnd) return true;
  if (at > event.end()) return false;
  const double minute = minutes_of(at - event.start);
  const double near = minutes_of(kNearEnd);
  if (minute < near || minute + near > EventMemory::kLastMinute) return false;
  return memory.shapes_seen(minute) >= kKnownCourse &&
         memory.shape(minute - near, event) >= kHalf && memory.shape(minute + near, event) < kHalf;
}

/// Much of the audience is there for it, and its course is known that far.
bool holds_audience(const ForecastState& state, const StreamEvent& event, Instant at) {
  const auto [before, size] = brought_by(state, event);
  return size >= kHalf * before && minutes_of(at - event.start) < EventMemory::kLastMinute;
}

/// Its like have held most of their audience at some later minute, before the announced end: no
/// break is an end.
bool goes_on_after(const EventMemory& memory, const StreamEvent& event, Instant at) {
  for (Instant later = at + kEndsEarly; later < event.end(); later += Seconds{60}) {
    const double minute = minutes_of(later - event.start);
    if (minute > EventMemory::kLastMinute) return false;
    if (memory.shapes_seen(minute) >= kKnownCourse && memory.shape(minute, event) >= kHalf)
      return true;
  }
  return false;
}

double held_by(const ForecastState& state, const StreamEvent& event, const Recent::Reading& from,
               Instant to) {
  const Instant then{Seconds{from.at}};
  const RunningEvent* running = running_record(state, event);
  const bool in_it = running != nullptr && then >= event.ramp_start();
  if (!in_it || !goes_on_after(state.events, event, to)) return 0;
  const auto share_at = [&](Instant at) {
    return state.events.shape(minutes_of(at - event.start), event);
  };
  const double brought = from.viewers - running->before;
  const double usual = std::exp(state.events.size_of(event, running->lasting).log_mean);
  if (brought < kHalf * usual * share_at(then)) return 0;
  const double own = std::min(brought, brought_by(state, event).size * share_at(then));
  return own * std::min(1.0, share_at(to) / share_at(then));
}

std::optional<Brings> came_unseen(const ForecastState& state, const StreamEvent& event,
                                  const Recent::Reading& from, Instant to) {
  const auto [before, size] = brought_by(state, event);
  const auto usual = state.events.size_of(event, before);
  if (usual.guessed || to + kEndsEarly >= event.end()) return std::nullopt;
  const auto share_at = [&](Instant at) {
    return state.events.shape(minutes_of(at - event.start), event);
  };
  const double seen = share_at(Instant{Seconds{from.at}});
  const double by_now = share_at(to - kHardlyLate);
  const double there = std::min(before, from.viewers);
  if (seen >= kHalf * by_now || size * by_now < kHalf * before) return std::nullopt;
  const bool is_late =
      seen >= kTellingShare && from.viewers - there < kHalf * seen * std::exp(usual.log_mean);
  if (is_late) return std::nullopt;
  return Brings{.before = there, .size = size * by_now};
}

}  // namespace

Brings brought_by(const ForecastState& state, const StreamEvent& event) {
  const RunningEvent* running = running_record(state, event);
  const double before = running != nullptr ? running->before : state.recent.mean_viewers;
  const double lasting = running != nullptr ? running->lasting : before;
  const double scale = running != nullptr ? running->log_scale : 0;
  return {before, std::exp(state.events.size_of(event, lasting).log_mean + scale)};
}

UnderWay under_way(const ForecastState& state, const model::EventCalendar& calendar, Instant at) {
  UnderWay longest;
  for (const StreamEvent* event : calendar.touching(at, at)) {
    if (may_end_now(state.events, *event, at) || !holds_audience(state, *event, at)) continue;
    const Instant until = std::min(event->overrun_end(), at + kLongestDoubt);
    if (longest.event == nullptr || until > longest.until) longest = {event, until};
  }
  return longest;
}

double held_by_events(const ForecastState& state, const model::EventCalendar& calendar,
                      const Recent::Reading& from, Instant to) {
  double most = 0;
  for (const StreamEvent* event : calendar.touching(to, to))
    most = std::max(most, held_by(state, *event, from, to));
  return most;
}

std::optional<Brings> came_unseen(const ForecastState& state, const model::EventCalendar& calendar,
                                  const Recent::Reading& from, Instant to) {
  std::optional<Brings> most;
  for (const StreamEvent* event : calendar.touching(to, to)) {
    const auto came = came_unseen(state, *event, from, to);
    if (came && (!most || came->size > most->size)) most = came;
  }
  return most;
}

}  // namespace edgetide::forecast
