#pragma once

#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/model/event_calendar.h"

/// Calendars and records of demand in files that people write. All errors are kInvalid with every
/// problem as file:line:column, or kTooLarge.
namespace edgetide::calendar {

/// CSV with the header `start,end,class,name[,expected_peak_viewers]`. Times are RFC 3339, or
/// "YYYY-MM-DD HH:MM[:SS]" in UTC. An event lasts up to 31 days; events of one name are told apart
/// by their start, "Final@2026-12-05T20:00:00Z".
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

/// By the name's end: .csv, .yaml or .yml. kNotFound when the file does not exist.
[[nodiscard]] Result<model::EventCalendar> events_from_file(const std::string& path);
[[nodiscard]] Result<model::DemandHistory> demand_from_file(const std::string& path);

}  // namespace edgetide::calendar
