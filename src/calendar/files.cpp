#include "calendar/files.h"

#include <set>

#include "calendar/gzip.h"
#include "yaml/files.h"

namespace edgetide::calendar {
namespace {

/// A byte more than any reader takes, so that each of them sees what is too large.
constexpr std::size_t kMostRead = (64u << 20) + 1;

/// The file's text, unpacked when it is gzip's.
Result<std::string> read_file(const std::string& path) {
  auto text = yaml::read_start(path, kMostRead);
  if (!text || !is_gzip(*text)) return text;
  auto unpacked = gunzip(*text, kMostRead);
  if (!unpacked) return Error{unpacked.error().code, unpacked.error().message, path};
  return unpacked;
}

}  // namespace

Result<model::EventCalendar> events_from_file(const std::string& path, Span span) {
  std::string_view name = path;
  if (name.ends_with(".gz")) name.remove_suffix(3);
  const bool csv = name.ends_with(".csv");
  const bool ical = name.ends_with(".ics");
  if (!csv && !ical && !name.ends_with(".yaml") && !name.ends_with(".yml")) {
    const auto opened = yaml::read_start(path, 0);
    if (!opened && opened.error().code == ErrorCode::kInvalid) return opened.error();
    return Error{ErrorCode::kInvalid, "a calendar's name ends in .csv, .ics, .yaml or .yml", path};
  }
  const auto text = read_file(path);
  if (!text) return text.error();
  if (ical) return events_from_ical(*text, path, span);
  return csv ? events_from_csv(*text, path) : events_from_yaml(*text, path);
}

Result<model::EventCalendar> events_from_files(const std::vector<std::string>& paths, Span span) {
  std::vector<model::StreamEvent> all;
  std::set<std::pair<std::string, Instant>> seen;
  for (const std::string& path : paths) {
    const auto read = events_from_file(path, span);
    if (!read.ok()) return read.error();
    for (const model::StreamEvent& event : read->events()) {
      if (seen.emplace(event.name, event.start).second) all.push_back(event);
    }
  }
  return model::EventCalendar(std::move(all));
}

Result<model::DemandHistory> demand_from_file(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return text.error();
  return demand_from_csv(*text, path);
}

}  // namespace edgetide::calendar
