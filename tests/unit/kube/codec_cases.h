#pragma once

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "kube/codecs.h"

namespace edgetide::kube {

/// tests/contract/crds/NAME, which the API server is held to as well.
inline json::Value read_contract(const std::string& name) {
  std::ifstream file{std::string{EDGETIDE_SOURCE_DIR} + "/tests/contract/crds/" + name};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  return json::Value::parse(text);
}

struct Case {
  std::string name;
  json::Value object;
  std::optional<std::string> problem;  ///< Path of the field at fault.
};

struct Kind {
  std::string plural;
  json::Value minimal;
  json::Value full;
  std::vector<Case> cases{};
};

inline Kind read_kind(const std::string& plural) {
  const json::Value contract = read_contract(plural + ".json");
  Kind kind{.plural = plural, .minimal = contract["minimal"], .full = contract["full"]};
  for (const json::Value& written : contract["cases"]) {
    Case read{.name = written["name"], .object = kind.full, .problem = {}};
    const json::Value changes = written.value("set", json::Value::object());
    for (const auto& [pointer, value] : changes.items()) {
      read.object[json::Value::json_pointer{pointer}] = value;
    }
    for (const json::Value& pointer : written.value("remove", json::Value::array())) {
      const json::Value::json_pointer at{pointer.get<std::string>()};
      read.object[at.parent_pointer()].erase(at.back());
    }
    if (written.contains("problem")) read.problem = written["problem"].get<std::string>();
    kind.cases.push_back(std::move(read));
  }
  return kind;
}

inline std::vector<Kind> read_kinds() {
  return {read_kind("edgepools"), read_kind("streamevents"), read_kind("eventclasses"),
          read_kind("eventcalendars"), read_kind("metricsources")};
}

/// The problems of an object of that kind.
inline std::vector<FieldProblem> problems_of(const std::string& plural, const json::Value& object,
                                             const DecodeOptions& options = {}) {
  if (plural == "edgepools") return decode_pool(object, options).problems;
  if (plural == "streamevents") return decode_stream_event(object, options).problems;
  if (plural == "eventclasses") return decode_event_class(object, options).problems;
  if (plural == "eventcalendars") return decode_event_calendar(object, options).problems;
  return decode_metric_source(object, options).problems;
}

inline std::string text_of(const std::vector<FieldProblem>& problems) {
  std::string text;
  for (const FieldProblem& problem : problems) text += problem.text() + "\n";
  return text;
}

}  // namespace edgetide::kube
