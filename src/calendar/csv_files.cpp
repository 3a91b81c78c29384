#include <charconv>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "calendar/csv.h"
#include "calendar/event_limits.h"
#include "calendar/files.h"
#include "calendar/names.h"
#include "calendar/viewers.h"
#include "calendar/zones.h"
#include "edgetide/model/class_name.h"
#include "json/json.h"

namespace edgetide::calendar {
namespace {

using model::StreamEvent;

/// Takes typed values out of cells and remembers what was wrong with them and the lines.
class CellReader {
 public:
  explicit CellReader(const CsvTable& table) : table_(table), problems_(table.problems) {}

  std::optional<Instant> time(const std::vector<Cell>& row, std::size_t column) {
    const Cell& cell = row[column];
    if (const auto at = to_instant(cell.text, "Etc/UTC")) return *at;
    report(cell, column, "is not a time such as 2026-12-05T20:00:00Z or 2026-12-05 20:00");
    return std::nullopt;
  }

  /// Finite, from 0 to `max`.
  std::optional<double> number(const std::vector<Cell>& row, std::size_t column, double max) {
    const Cell& cell = row[column];
    double value = 0;
    const char* const end = cell.text.data() + cell.text.size();
    const auto [stopped, error] = std::from_chars(cell.text.data(), end, value);
    if (error == std::errc{} && stopped == end && value >= 0 && value <= max) return value;
    report(cell, column, "is not a number from 0 to " + json::number_text(max));
    return std::nullopt;
  }

  std::optional<std::string> name(const std::vector<Cell>& row, std::size_t column) {
    if (!row[column].text.empty()) return name_or_none(row, column);
    report(row[column], column, no_name());
    return std::nullopt;
  }

  std::optional<std::string> name_or_none(const std::vector<Cell>& row, std::size_t column) {
    if (row[column].text.size() <= kLongestName) return row[column].text;
    report(row[column], column, no_name());
    return std::nullopt;
  }

  void report(const Cell& cell, std::size_t column, const std::string& what) {
    problems_.push_back(
        {cell.position, table_.columns[column], json::excerpt(cell.text) + " " + what});
  }

  [[nodiscard]] std::vector<Problem>& problems() { return problems_; }

 private:
  static std::string no_name() {
    return "is not a name of 1 to " + std::to_string(kLongestName) + " bytes";
  }

  const CsvTable& table_;
  std::vector<Problem> problems_;
};

enum EventColumn : std::size_t { kStart, kEnd, kClass, kName, kExpectedPeak };

std::optional<StreamEvent> event_from(const std::vector<Cell>& row, CellReader& cells) {
  const auto start = cells.time(row, kStart);
  const auto end = cells.time(row, kEnd);
  const auto event_class = cells.name_or_none(row, kClass);
  const auto name = cells.name(row, kName);
  StreamEvent event;
  if (!row[kExpectedPeak].text.empty()) {
    event.expected_peak = parse_viewers(row[kExpectedPeak].text);
    if (!event.expected_peak) cells.report(row[kExpectedPeak], kExpectedPeak, no_viewers());
  }
  if (!start || !end || !event_class || !name) return std::nullopt;
  const Seconds duration = *end - *start;
  if (duration < Seconds{0}) {
    cells.report(row[kEnd], kEnd, "lies before the start");
    return std::nullopt;
  }
  if (duration > std::chrono::minutes{kLongestEventMinutes}) {
    cells.report(row[kEnd], kEnd, "is not within 31 days after the start");
    return std::nullopt;
  }
  event.name = *name;
  event.event_class = model::class_named(*event_class);
  event.start = *start;
  event.duration = duration;
  return event;
}

enum DemandColumn : std::size_t { kTimestamp, kValue };

}  // namespace

Result<model::EventCalendar> events_from_csv(std::string_view text, std::string_view file_name) {
  const auto table = read_csv(
      text, file_name,
      {.required = {"start", "end", "class", "name"}, .optional = {"expected_peak_viewers"}});
  if (!table) return table.error();
  CellReader cells{*table};
  std::vector<StreamEvent> events;
  std::map<std::pair<std::string, Instant>, Position> seen;
  for (const auto& row : table->rows) {
    auto event = event_from(row, cells);
    if (!event) continue;
    const auto [first, fresh] = seen.try_emplace({event->name, event->start}, row[kName].position);
    if (!fresh) {
      cells.report(row[kName], kName,
                   "starts at the same time in line " + std::to_string(first->second.line));
    }
    events.push_back(*std::move(event));
  }
  if (!cells.problems().empty()) return yaml::to_error(file_name, std::move(cells.problems()));
  make_names_unique(events);
  return model::EventCalendar{std::move(events)};
}

Result<model::DemandHistory> demand_from_csv(std::string_view text, std::string_view file_name) {
  const auto table =
      read_csv(text, file_name, {.required = {"timestamp", "value"}, .optional = {}});
  if (!table) return table.error();
  CellReader cells{*table};
  std::vector<model::DemandSample> samples;
  std::optional<Instant> last;
  for (const auto& row : table->rows) {
    const auto at = cells.time(row, kTimestamp);
    if (at && last && *at <= *last) {
      cells.report(row[kTimestamp], kTimestamp, "is not after the row before it");
    }
    if (at) last = at;
    const std::string& value_text = row[kValue].text;
    if (value_text.empty() || value_text == "NaN") continue;
    const auto value = cells.number(row, kValue, 1e15);
    if (at && value) samples.push_back({*at, Viewers{*value}});
  }
  if (!cells.problems().empty()) return yaml::to_error(file_name, std::move(cells.problems()));
  return model::DemandHistory{std::move(samples)};
}

}  // namespace edgetide::calendar
