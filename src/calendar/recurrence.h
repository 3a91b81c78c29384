#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/core/time.h"

namespace edgetide::calendar {

/// What a wall clock shows, of no zone in particular.
using WallClock = std::chrono::local_seconds;

/// The days on which something comes back, as RRULE of RFC 5545 (3.3.10) says them: every day,
/// week, month or year, thinned by BYMONTH, BYMONTHDAY, BYDAY and BYSETPOS.
///
///   FREQ=MONTHLY;BYDAY=-1SU;COUNT=3     the last Sunday of three months
///
/// The time of day is that of the first time; a rule by the hour or faster is refused.
struct RecurrenceRule {
  enum class Frequency { kDaily, kWeekly, kMonthly, kYearly };
  struct ByDay {
    std::chrono::weekday day;
    int nth = 0;  ///< Of its month or year; from the end below zero, every one at zero.
  };

  Frequency frequency = Frequency::kDaily;
  int interval = 1;
  std::optional<std::size_t> count;  ///< The first time included.
  /// The last moment, or where it says no zone of its own the last wall clock.
  std::variant<std::monostate, Instant, WallClock> until;
  std::vector<int> months;
  std::vector<int> month_days;  ///< From the end of the month below zero.
  std::vector<ByDay> week_days;
  std::vector<int> positions;  ///< Of the days in each period; from the end below zero.
  std::chrono::weekday week_start = std::chrono::Monday;
};

/// kInvalid with what is wrong, and the legal values, without a place. Refused by name: SECONDLY,
/// MINUTELY, HOURLY, BYHOUR, BYMINUTE, BYSECOND, BYWEEKNO, BYYEARDAY.
[[nodiscard]] Result<RecurrenceRule> parse_rule(std::string_view text);

/// When it takes place, rising, up to `last` and at most `most` times. The first time always
/// counts, also where the rule does not name it. `until` as a moment is the caller's to keep.
///
/// Looks at each day of each period once: a hundred years take a millisecond, whatever the rule.
[[nodiscard]] std::vector<WallClock> occurrences(const RecurrenceRule& rule, WallClock first,
                                                 WallClock last, std::size_t most);

}  // namespace edgetide::calendar
