#include "sudden_fall.h"

#include <algorithm>

#include "outlook.h"
#include "under_way.h"

namespace edgetide::forecast {
namespace {

using Reading = Recent::Reading;

constexpr double kIsBack = 0.96;

Instant instant(std::int64_t seconds) { return Instant{Seconds{seconds}}; }

/// Of readings that were missed, as a multiple of the usual time from one to the next.
constexpr double kSilence = 1.5;

/// Nobody saw how fast they fell, but fewer than half of those are told whom an event holds.
Change fall_in_silence(const ForecastState& state, const Reading& reading,
                       const model::EventCalendar& calendar) {
  const Recent& recent = state.recent;
  const double passed = static_cast<double>(reading.at - recent.last.at) / 60;
  if (passed <= kSilence * recent.step) return {};
  const double held = held_by_events(state, calendar, recent.last, instant(reading.at));
  if (reading.viewers >= kHalf * held) return {};
  return {recent.last.viewers,
          log_demand(recent, recent.last.viewers) - log_demand(recent, reading.viewers)};
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

void expect_growth(ForecastState& state, std::int64_t now, const model::EventCalendar& calendar) {
  Recent& recent = state.recent;
  const Instant fell = instant(recent.suddenly_at - recent.unseen_seconds);
  for (const model::StreamEvent* event : calendar.touching(fell, instant(now))) {
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
