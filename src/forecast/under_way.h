#pragma once

#include <optional>

#include "edgetide/forecast/forecast_state.h"
#include "edgetide/model/event_calendar.h"

namespace edgetide::forecast {

/// Events whose course was seen, from which it counts.
inline constexpr double kKnownCourse = 3;

/// From its beginning on a fall is doubted for so long at most.
inline constexpr Seconds kLongestDoubt{std::chrono::hours{3}};

/// Who was there before an event, and what it is believed to bring.
struct Brings {
  double before;
  double size;
};

[[nodiscard]] Brings brought_by(const ForecastState& state, const model::StreamEvent& event);

/// An event under way, and until when it may hold its audience.
struct UnderWay {
  const model::StreamEvent* event = nullptr;
  Instant until{};
};

/// Of the events that are under way and may not end now the one that may last longest.
[[nodiscard]] UnderWay under_way(const ForecastState& state, const model::EventCalendar& calendar,
                                 Instant at);

/// Of those who were there at `from` the fewest that an event holds until `to` by itself, as far as
/// can be known without having looked: its like were seen to, it has brought what they bring, and
/// it is not over, however fast the rest may leave. Of several events the most; zero where none is
/// known so well.
[[nodiscard]] double held_by_events(const ForecastState& state,
                                    const model::EventCalendar& calendar,
                                    const Recent::Reading& from, Instant to);

/// Who was there before an event that most of its audience has come for since `from`, unseen, and
/// how many these are by `to`. Of several events the one that brings most; nothing where that is a
/// guess, may be over, or hardly matters, or where the event was seen to be late.
[[nodiscard]] std::optional<Brings> came_unseen(const ForecastState& state,
                                                const model::EventCalendar& calendar,
                                                const Recent::Reading& from, Instant to);

}  // namespace edgetide::forecast
