#pragma once

#include "abrupt_change.h"
#include "edgetide/forecast/sudden_fall.h"

namespace edgetide::forecast {

/// How long any abrupt fall is doubted, in seconds.
inline constexpr std::int64_t kDoubtSeconds = 15 * 60;

/// The deepest fall to `reading` that is faster than any audience leaves, while an event is under
/// way; nothing where there is none, or where it ends a rise as sudden: such as of a number that
/// was ten times too high, and is right again.
[[nodiscard]] std::optional<Change> sudden_fall(const ForecastState& state,
                                                const Recent::Reading& reading,
                                                const model::EventCalendar& calendar);

/// Until when the falls that were noted are doubted, by what is announced now.
[[nodiscard]] std::int64_t doubted_until(const ForecastState& state,
                                         const model::EventCalendar& calendar);

/// What the event under way has brought by now those who fell suddenly are expected to be more.
void expect_growth(ForecastState& state, std::int64_t now, const model::EventCalendar& calendar);

/// Those who fell are back: as many as are expected, or as many as fell and suddenly, too. A part
/// of an audience that grows comes to as many in the end. \pre a fall is doubted
[[nodiscard]] bool are_back(const Recent& recent, const Recent::Reading& reading);

}  // namespace edgetide::forecast
