#pragma once

#include "abrupt_change.h"
#include "edgetide/forecast/sudden_fall.h"

namespace edgetide::forecast {

/// The deepest fall to `reading` that is faster than any audience leaves, while an event is under
/// way; nothing where there is none, or where it ends a rise as sudden: such as of a number that
/// was ten times too high, and is right again.
[[nodiscard]] std::optional<Change> sudden_fall(const ForecastState& state,
                                                const Recent::Reading& reading,
                                                const model::EventCalendar& calendar);

/// Until when the falls that were noted are doubted, by what is announced now.
[[nodiscard]] std::int64_t doubted_until(const ForecastState& state,
                                         const model::EventCalendar& calendar);

/// Goes on doubting a sudden fall: what the event under way has brought by now those who fell are
/// expected to be more.
void go_on_doubting(ForecastState& state, const Recent::Reading& reading,
                    const model::EventCalendar& calendar);

/// As many as are expected are back after a fall that is not sudden, or is no longer doubted as
/// such: see most_are_back. \pre a fall is doubted
[[nodiscard]] bool are_back(const Recent& recent, const Recent::Reading& reading);

/// Most of those who fell are back at once, as of a zone whose players connect anew, or of those
/// who would be left of them by now, as of a source that is whole again; or slowly most of those
/// who are expected without guesses, once hardly any more come, as in a window that has filled
/// again, unless they may be a part. The rest may have left, as anybody may.
/// \pre a sudden fall is doubted
[[nodiscard]] bool most_are_back(const ForecastState& state, const Recent::Reading& reading,
                                 const model::EventCalendar& calendar);

/// A silence hid most of what an event has brought by now, and fewer than half of those are told:
/// from how many they fell, and how deeply. Nothing where what it brings is a guess, or it was seen
/// to be late before.
[[nodiscard]] Change fall_behind_ramp(const ForecastState& state, const Recent::Reading& reading,
                                      const model::EventCalendar& calendar);

}  // namespace edgetide::forecast
