#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "calendar/files.h"
#include "cli/command.h"
#include "config/settings.h"
#include "json/json.h"
#include "kube/codecs.h"

namespace edgetide::cli {

/// What reading a calendar, or an event, came to.
struct Checked {
  std::string what;                   ///< "season.ics", "EventCalendar video/season"
  std::optional<std::size_t> events;  ///< That a calendar has, within kAround of now.
  std::string problem;                ///< Empty: it is fine.
  std::string remark;                 ///< On what is fine, and perhaps not meant; mostly empty.
};

/// From now, both ways: what is counted of a calendar whose rules may have no end.
inline constexpr std::chrono::days kAround{28};

/// What announces events in a cluster.
struct Announced {
  std::vector<json::Value> calendars;
  std::vector<json::Value> events;
  std::vector<json::Value> pools;
  /// The iCalendar text of a calendar.
  std::function<Result<std::string>(const kube::EventCalendarResource&)> text_of;
};

/// Every one of them, calendars first.
[[nodiscard]] std::vector<Checked> check(const Announced& announced, Instant now);

/// Reads the files whole, and says what each came to, as "text", "json" or "yaml".
[[nodiscard]] Exit validate_files(const std::vector<std::string>& files, const std::string& format,
                                  const Console& console);

/// The same of the EventCalendars and StreamEvents of a cluster. \pre the command has
/// look_options()
[[nodiscard]] Exit validate_cluster(const config::Settings& settings, const Console& console);

}  // namespace edgetide::cli
