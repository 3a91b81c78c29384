#pragma once

#include <optional>

#include "edgetide/forecast/forecast_state.h"
#include "edgetide/model/doubted_fall.h"
#include "edgetide/model/event_calendar.h"

namespace edgetide::forecast {

/// The fall that is doubted at the latest reading, and that no audience makes: below half within a
/// minute, a quarter within two, and so on, between the beginning of an event's ramp and the end of
/// its overrun, four hours after its start at most, but for the five minutes before and after its
/// announced end, or an earlier one that its like were seen to have; after a silence, below half of
/// those whom the event alone holds by then, as its like were seen to, or of those who would be
/// there with what it brings where the silence hid most of that, and below three quarters of those
/// who were there before. The forecast goes by those who were there before, and by what the event
/// brings, and learns nothing, until they are back, until the event is announced no more, or for as
/// long as it may hold its audience: to the end of its overrun, for three hours at most, whatever
/// falls after it. The event has to bring half as many as watch without it, at least. Nothing where
/// none is doubted.
///
/// Where four of five are back within two minutes of the fall, or by a rise that no kick-off makes
/// and that undoes it, it is doubted as any abrupt fall is. So it is where four of five are slowly,
/// with those whom events that are no guess should have brought, once hardly any more come, unless
/// they may be the same part of an audience that has grown: to no more than four times what the
/// like of an event bring, or twice where these had come.
[[nodiscard]] std::optional<model::DoubtedFall> doubted_fall(const ForecastState& state,
                                                             const model::EventCalendar& calendar);

/// Another load has confirmed that fall: from the next reading on it is doubted for no longer
/// than any abrupt one, a quarter of an hour.
void believe_fall(ForecastState& state);

}  // namespace edgetide::forecast
