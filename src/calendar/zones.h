#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "edgetide/model/utc_offsets.h"

/// Local time, by the system's time zone database. That ends with 2036; later years, to 2099, keep
/// the rules of the year 28 before (or 56, 84), in which every date falls on the same weekday.
namespace edgetide::calendar {

/// The zone's offsets from `from` to `to`, with what holds at `from`. kInvalid with the nearest
/// name for one that the database does not know. \pre from is not after to
[[nodiscard]] Result<model::UtcOffsets> offsets_for(const std::string& zone, Instant from,
                                                    Instant to);

/// The same for 1970 to 2099: every year that a history or a calendar may speak of.
[[nodiscard]] Result<model::UtcOffsets> offsets_for(const std::string& zone);

/// The moment at which a wall clock there shows this.
///
/// Where clocks jump forward, a time they leave out means as much later as they jump: 02:30 on the
/// night that skips from 02:00 to 03:00 is 03:30. Where they go back, the first of the two is
/// meant. In other words the offset before the change holds. \pre no two changes within two days
[[nodiscard]] Instant moment_at(std::chrono::local_seconds wall_clock,
                                const model::UtcOffsets& offsets);

/// The moment at which a wall clock in `zone` shows `wall_clock`: "2026-12-05T20:00:00", seconds
/// optional, 'T' or a space, of the years 1970 to 2099. With 'Z' or an offset of its own it is an
/// instant, whatever the zone. Gaps and overlaps as in moment_at.
[[nodiscard]] Result<Instant> to_instant(std::string_view wall_clock, const std::string& zone);

}  // namespace edgetide::calendar
