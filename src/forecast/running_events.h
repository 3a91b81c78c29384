#pragma once

#include "outlook.h"

namespace edgetide::forecast {

/// Notes what events under way have brought by a minute, begins to follow those whose ramp begins,
/// and learns from those that are over. \param minutes since the reading before.
void follow_events(ForecastState& state, const Outlook& outlook,
                   const model::EventCalendar& calendar, double minutes);

/// Notes who is left while a fall is doubted, so that the end of an event is learned where it was
/// no outage,
void note_doubted_fall(RunningEvents& running, Instant at, double viewers);
/// and forgets it where it was one: the audience is back.
void forget_doubted_fall(RunningEvents& running, Instant from, Instant to);

/// Follows an event anew that began while what was told was wrong.
void begin_anew(RunningEvents& running, const model::StreamEvent& event, float before);

}  // namespace edgetide::forecast
