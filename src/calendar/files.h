#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/model/event_calendar.h"

/// Calendars and records of demand in files that people write. All errors are kInvalid with every
/// problem as file:line:column, or kTooLarge.
namespace edgetide::calendar {

/// CSV with the header `start,end,class,name[,expected_peak_viewers]`. Times are RFC 3339, or
/// "YYYY-MM-DD HH:MM[:SS]" in UTC. The class may be empty. An event lasts up to 31 days; events of
/// one name are told apart by their start, "Final@2026-12-05T20:00:00Z".
[[nodiscard]] Result<model::EventCalendar> events_from_csv(std::string_view text,
                                                           std::string_view file_name);

/// CSV with the header `timestamp,value`: viewers at that time, times as above and rising. An empty
/// value or NaN is a gap.
[[nodiscard]] Result<model::DemandHistory> demand_from_csv(std::string_view text,
                                                           std::string_view file_name);

/// YAML documents of kind StreamEvent, as they would be applied to a cluster, for the one pool that
/// the file is given to: `spec.pools` has no place here. Events are named "namespace/name".
[[nodiscard]] Result<model::EventCalendar> events_from_yaml(std::string_view text,
                                                            std::string_view file_name);

/// When what comes back again and again is of interest: events that start from then to then.
struct Span {
  Instant from;
  Instant to;
};

/// iCalendar, RFC 5545: the VEVENTs that start within the span, with RRULE (as in recurrence.h),
/// RDATE, EXDATE and RECURRENCE-ID, without those that are CANCELLED. Wall clocks are those of
/// their TZID: a name of the system's time zones, else as its VTIMEZONE says; without a TZID those
/// of X-WR-TIMEZONE, else of `zone`. Gaps and overlaps are resolved as moment_at says, so that a
/// show at 02:30 is not left out on the night without it. Each time lasts as long as the first.
///
/// SUMMARY, else UID, is the name and the first of CATEGORIES the class; names are made unique as
/// in CSV. X-EDGETIDE-EXPECTED-PEAK-VIEWERS and X-EDGETIDE-MINIMUM-REPLICAS may say more.
///
/// At most 4 MiB, 1,000 rules, 100 time zones and 100,000 events.
[[nodiscard]] Result<model::EventCalendar> events_from_ical(std::string_view text,
                                                            std::string_view file_name, Span span,
                                                            const std::string& zone = "Etc/UTC");

/// Files may be packed with gzip, whatever they are called.
///
/// By the name's end, a .gz left out: .csv, .yaml, .yml or .ics, of which the last alone heeds the
/// span. kNotFound when the file does not exist.
[[nodiscard]] Result<model::EventCalendar> events_from_file(const std::string& path, Span span);
/// Several as one: an event that stands in two of them, by name and start, is one.
[[nodiscard]] Result<model::EventCalendar> events_from_files(const std::vector<std::string>& paths,
                                                             Span span);

[[nodiscard]] Result<model::DemandHistory> demand_from_file(const std::string& path);

}  // namespace edgetide::calendar
