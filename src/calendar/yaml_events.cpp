#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "calendar/event_limits.h"
#include "calendar/files.h"
#include "calendar/viewers.h"
#include "calendar/zones.h"
#include "edgetide/model/class_name.h"
#include "json/json.h"
#include "yaml/to_json.h"
#include "yaml/yaml.h"

namespace edgetide::calendar {
namespace {

using model::StreamEvent;

constexpr std::string_view kApiVersion = "edgetide.io/v1alpha1";

/// Reads one document's fields and remembers every problem with its place.
class EventReader {
 public:
  explicit EventReader(const yaml::Value& document) : document_(yaml::to_json(document)) {}

  std::optional<StreamEvent> read() {
    if (!document_.value.is_object()) {
      report("", std::string{json::kind_text(document_.value)} + " is not a StreamEvent");
      return std::nullopt;
    }
    if (!is_stream_event()) return std::nullopt;
    only("", {"apiVersion", "kind", "metadata", "spec", "status"});
    only("spec", {"start", "timeZone", "durationMinutes", "class", "expectedPeakViewers",
                  "minimumReplicas", "rampUpMinutes", "overrunMinutes"});
    StreamEvent event;
    event.name =
        text("metadata.namespace").value_or("default") + "/" + required_name("metadata.name");
    event.event_class = model::class_named(text("spec.class").value_or(""));
    event.start = start();
    event.duration = required_minutes("spec.durationMinutes", kLongestEventMinutes);
    event.ramp_up = minutes("spec.rampUpMinutes", kLongestRampMinutes);
    event.overrun = minutes("spec.overrunMinutes", kLongestRampMinutes);
    event.expected_peak = expected_peak();
    event.minimum_replicas = minimum_replicas();
    if (!problems_.empty()) return std::nullopt;
    return event;
  }

  [[nodiscard]] const std::vector<yaml::Problem>& problems() const { return problems_; }
  [[nodiscard]] yaml::Position name_position() const {
    return document_.position_of("metadata.name");
  }

 private:
  void report(const std::string& path, std::string message) {
    problems_.push_back({document_.position_of(path), path, std::move(message)});
  }

  void report(const Error& error) { report(error.context, error.message); }

  bool is_stream_event() {
    expect("apiVersion", kApiVersion);
    expect("kind", "StreamEvent");
    return problems_.empty();
  }

  void expect(const std::string& path, std::string_view wanted) {
    const json::Value* const found = json::find(document_.value, path);
    if (found != nullptr && *found == wanted) return;
    report(path, (found == nullptr ? "missing" : json::excerpt(*found)) + "; must be \"" +
                     std::string{wanted} + "\"");
  }

  void only(const std::string& path, std::initializer_list<std::string_view> known) {
    const json::Value* const object = json::find(document_.value, path);
    if (object == nullptr) return report(path, "missing; must be an object");
    if (!object->is_object()) return report(path, json::excerpt(*object) + " is not an object");
    for (const auto& [key, unused] : object->items()) {
      if (std::ranges::find(known, key) != known.end()) continue;
      if (path == "spec" && key == "pools") {
        report("spec.pools",
               "has no place in a calendar, whose events are for every pool that it is given to; "
               "plan -f takes StreamEvents with their pools");
        continue;
      }
      std::string names;
      for (const auto name : known) names += (names.empty() ? "" : ", ") + std::string{name};
      report(json::child_path(path, key), "unknown field; known are " + names);
    }
  }

  std::optional<std::string> text(const std::string& path) {
    if (json::find(document_.value, path) == nullptr) return std::nullopt;
    auto value = json::get_string(document_.value, path);
    if (value) return *std::move(value);
    report(value.error());
    return std::nullopt;
  }

  std::string required_name(const std::string& path) {
    const auto value = json::get_string(document_.value, path);
    if (!value) {
      report(value.error());
      return {};
    }
    if (value->empty() || value->size() > kLongestName) {
      report(path, "is not a name of 1 to " + std::to_string(kLongestName) + " bytes");
    }
    return *value;
  }

  Instant start() {
    const std::string zone = text("spec.timeZone").value_or("Etc/UTC");
    if (const auto known = to_instant("1970-01-01T00:00:00Z", zone); !known) {
      report("spec.timeZone", known.error().message);
      return {};
    }
    const auto wall_clock = json::get_string(document_.value, "spec.start");
    if (!wall_clock) {
      report(wall_clock.error());
      return {};
    }
    const auto at = to_instant(*wall_clock, zone);
    if (at) return *at;
    report("spec.start", at.error().message);
    return {};
  }

  Seconds required_minutes(const std::string& path, std::int64_t max) {
    const auto value = json::get_int(document_.value, path, 1, max);
    if (value) return std::chrono::minutes{*value};
    report(value.error());
    return {};
  }

  std::optional<Seconds> minutes(const std::string& path, std::int64_t max) {
    const auto value = json::get_int(document_.value, path, 0, max);
    if (value) return std::chrono::minutes{*value};
    if (value.error().code != ErrorCode::kNotFound) report(value.error());
    return std::nullopt;
  }

  std::optional<Viewers> expected_peak() {
    const std::string path = "spec.expectedPeakViewers";
    const json::Value* const found = json::find(document_.value, path);
    if (found == nullptr) return std::nullopt;
    std::optional<Viewers> viewers;
    if (found->is_number()) viewers = viewers_from(found->get<double>());
    if (found->is_string()) viewers = parse_viewers(found->get_ref<const std::string&>());
    if (!viewers) report(path, json::excerpt(*found) + " " + no_viewers());
    return viewers;
  }

  std::optional<Replicas> minimum_replicas() {
    const auto value = json::get_int(document_.value, "spec.minimumReplicas", 0, kMostReplicas);
    if (value) return Replicas{static_cast<int>(*value)};
    if (value.error().code != ErrorCode::kNotFound) report(value.error());
    return std::nullopt;
  }

  yaml::LocatedJson document_;
  std::vector<yaml::Problem> problems_;
};

}  // namespace

Result<model::EventCalendar> events_from_yaml(std::string_view text, std::string_view file_name) {
  const auto documents = yaml::load_all(text, file_name);
  if (!documents) return documents.error();
  std::vector<StreamEvent> events;
  std::vector<yaml::Problem> problems;
  std::map<std::string, yaml::Position> seen;
  for (const yaml::Value& document : *documents) {
    EventReader reader{document};
    auto event = reader.read();
    problems.insert(problems.end(), reader.problems().begin(), reader.problems().end());
    if (!event) continue;
    const auto [first, fresh] = seen.try_emplace(event->name, reader.name_position());
    if (!fresh) {
      problems.push_back(
          {reader.name_position(), "metadata.name",
           "\"" + event->name + "\" stands already in line " + std::to_string(first->second.line)});
    }
    events.push_back(*std::move(event));
  }
  if (!problems.empty()) return yaml::to_error(file_name, std::move(problems));
  return model::EventCalendar{std::move(events)};
}

}  // namespace edgetide::calendar
