#include "cli/events_output.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/text_table.h"
#include "edgetide/core/grouped.h"
#include "json/json.h"
#include "report/structured_report.h"
#include "report/text_report.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestSuffix = std::string_view("-20261205-2000-10000").size();
constexpr Seconds kLongest = std::chrono::days{7};  // of a StreamEvent

std::string peak_text(const model::StreamEvent& event) {
  return event.expected_peak ? json::number_text(event.expected_peak->count()) : "";
}

std::string minutes_text(const std::optional<Seconds>& length) {
  return length ? to_string(*length) : "";
}

std::string wide_table(const Events& events, std::optional<std::size_t> columns) {
  TextTable table({"START", "END", "CLASS", "PEAK", "LEAST", "RAMP", "OVERRUN", "NAME"});
  for (const auto& event : events) {
    const auto& peak = event.expected_peak;
    const auto& least = event.minimum_replicas;
    table.add({to_string(event.start), to_string(event.end()), event.event_class,
               peak ? grouped(peak->count()) : "", least ? std::to_string(least->count()) : "",
               minutes_text(event.ramp_up), minutes_text(event.overrun), event.name});
  }
  return table.text(columns);
}

std::string names(const Events& events) {
  std::string text;
  for (const auto& event : events) text += event.name + "\n";
  return text;
}

std::string table(const Events& events, std::optional<std::size_t> columns) {
  TextTable table({"START", "ENDS", "CLASS", "PEAK", "NAME"});
  for (const auto& event : events) {
    const auto& peak = event.expected_peak;
    table.add({to_string(event.start), "+" + to_string(event.duration), event.event_class,
               peak ? grouped(peak->count()) : "", event.name});
  }
  return table.text(columns);
}

Json list(const Events& events) {
  Json items = Json::array();
  for (const auto& event : events) {
    Json item{{"name", event.name},
              {"class", event.event_class},
              {"start", to_string(event.start)},
              {"end", to_string(event.end())}};
    if (event.expected_peak) item["expectedPeakViewers"] = event.expected_peak->count();
    if (event.minimum_replicas) item["minimumReplicas"] = event.minimum_replicas->count();
    items.push_back(std::move(item));
  }
  return {{"apiVersion", "edgetide.io/v1alpha1"}, {"kind", "EventList"}, {"items", items}};
}

std::string quoted(const std::string& cell) {
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::string csv(const Events& events) {
  std::string text = "start,end,class,name,expected_peak_viewers\n";
  for (const auto& event : events) {
    text += to_string(event.start) + "," + to_string(event.end()) + "," +
            quoted(event.event_class) + "," + quoted(event.name) + "," + peak_text(event) + "\n";
  }
  return text;
}

/// Letters, made small, and digits of it, and dashes between them; empty when there are none.
std::string slug(const std::string& text) {
  std::string made;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept) {
      made += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!made.empty() && made.back() != '-') {
      made += '-';
    }
    if (made.size() == kLongestLabel - kLongestSuffix) break;
  }
  while (made.ends_with('-')) made.pop_back();
  return made;
}

/// What an EventClass can be named: as it is after reading, or else what is left of it.
std::string class_name(const std::string& event_class) {
  const auto in_names = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  const bool fits =
      event_class.size() <= kLongestLabel && std::ranges::all_of(event_class, in_names);
  return fits ? event_class : slug(event_class);
}

/// Names of events: the title, and the start where several have it, so that an occurrence keeps its
/// name when others have passed, and one that is under way is never made another.
class ObjectNames {
 public:
  explicit ObjectNames(const Events& events) {
    for (const auto& event : events) ++of_title_[titled(event)];
  }

  /// One that no other has. To be asked for once an event.
  std::string next(const model::StreamEvent& event) {
    std::string name = titled(event);
    if (of_title_[name] > 1) name += started(event.start);
    std::string unique = name;
    for (int times = 2; !taken_.insert(unique).second; ++times)
      unique = name + "-" + std::to_string(times);
    return unique;
  }

 private:
  static std::string titled(const model::StreamEvent& event) {
    const std::string name = slug(event.name);
    return name.empty() ? "event" : name;
  }
  /// "-20261205-2000" of 2026-12-05T20:00:00Z.
  static std::string started(Instant start) {
    const std::string at = to_string(start);
    return "-" + at.substr(0, 4) + at.substr(5, 2) + at.substr(8, 2) + "-" + at.substr(11, 2) +
           at.substr(14, 2);
  }

  std::map<std::string, int> of_title_;
  std::set<std::string> taken_;
};

Json manifest(const model::StreamEvent& event, const std::string& name,
              const std::string& name_space, const Json& labels) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(event.duration).count();
  Json metadata{{"name", name}};
  if (!name_space.empty()) metadata["namespace"] = name_space;
  Json spec{{"start", to_string(event.start)},
            {"durationMinutes", std::max<std::int64_t>(1, minutes)}};
  const std::string event_class = class_name(event.event_class);
  if (!event_class.empty()) spec["class"] = event_class;
  spec["pools"] = labels.empty() ? Json::object() : Json{{"matchLabels", labels}};
  if (event.expected_peak && event.expected_peak->count() >= 1)
    spec["expectedPeakViewers"] = std::llround(event.expected_peak->count());
  if (event.minimum_replicas && event.minimum_replicas->count() >= 1)
    spec["minimumReplicas"] = event.minimum_replicas->count();
  if (event.ramp_up) spec["rampUpMinutes"] = *event.ramp_up / std::chrono::minutes{1};
  if (event.overrun) spec["overrunMinutes"] = *event.overrun / std::chrono::minutes{1};
  return {{"apiVersion", "edgetide.io/v1alpha1"},
          {"kind", "StreamEvent"},
          {"metadata", metadata},
          {"spec", spec}};
}

}  // namespace

std::string count_text(std::size_t events) {
  if (events == 0) return "no events";
  return events == 1 ? "1 event" : std::to_string(events) + " events";
}

std::string print_events(const Events& events, const std::string& format,
                         std::optional<std::size_t> columns) {
  if (format == "csv") return csv(events);
  if (format == "name") return names(events);
  if (format == "text") return table(events, columns);
  if (format == "wide") return wide_table(events, columns);
  return report::document(list(events), format);
}

std::string remark_on_lengths(const Events& events) {
  const auto has_none = [](const auto& event) { return event.duration <= Seconds{0}; };
  const auto first = std::ranges::find_if(events, has_none);
  if (first == events.end()) return "";
  return std::to_string(std::ranges::count_if(events, has_none)) + " of " +
         std::to_string(events.size()) + " events have no end, such as " + first->name +
         ": each lasts a minute and its overrun; write an end or a DURATION";
}

std::string remark_on_long_events(std::span<const model::StreamEvent> events) {
  const auto is_long = [](const auto& event) { return event.duration > kLongest; };
  const auto first = std::ranges::find_if(events, is_long);
  if (first == events.end()) return "";
  return std::to_string(std::ranges::count_if(events, is_long)) + " of " +
         std::to_string(events.size()) + " events are longer than seven days, such as " +
         first->name + " of " + to_string(first->start) +
         ": a StreamEvent cannot be, so that import refuses it; an EventCalendar may announce it. "
         "From twelve hours after its start on it is what the audience is used to";
}

std::map<std::string, std::string> renamed_classes(const Events& events) {
  std::map<std::string, std::string> renamed;
  for (const auto& event : events) {
    const std::string name = class_name(event.event_class);
    if (name != event.event_class) renamed.emplace(event.event_class, name);
  }
  return renamed;
}

Result<std::vector<Json>> manifests_of(const Events& events, const std::string& name_space,
                                       const std::vector<std::string>& labels) {
  Json wanted = Json::object();
  for (const std::string& label : labels) {
    const auto equals = label.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{ErrorCode::kInvalid, "'" + label + "' is not LABEL=VALUE", "--pools"};
    wanted[label.substr(0, equals)] = label.substr(equals + 1);
  }
  std::vector<Json> manifests;
  ObjectNames names(events);
  for (const auto& event : events) {
    if (event.duration > kLongest)
      return Error{ErrorCode::kInvalid,
                   "lasts " + to_string(event.duration) +
                       "; a StreamEvent lasts up to 7 days, what an EventCalendar follows up to 31",
                   event.name + " at " + to_string(event.start)};
    manifests.push_back(manifest(event, names.next(event), name_space, wanted));
  }
  return manifests;
}

std::string print_manifests(const std::vector<Json>& manifests, const std::string& format) {
  if (format == "json")
    return Json{{"apiVersion", "v1"}, {"kind", "List"}, {"items", manifests}}.dump(2) + "\n";
  std::string text;
  for (const Json& one : manifests) text += "---\n" + report::to_yaml(one);
  return text;
}

}  // namespace edgetide::cli
