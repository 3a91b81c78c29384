#include "cli/classes_output.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/text_table.h"
#include "edgetide/core/grouped.h"
#include "kube/class_writer.h"
#include "kube/codecs.h"
#include "report/structured_report.h"
#include "report/text_report.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;

/// The keys of a manifest in the order that people write them.
Json manifest(const model::EventClass& one) {
  const json::Value written = kube::encode_event_class(one);
  Json ordered;
  for (const char* key : {"apiVersion", "kind", "metadata", "spec"})
    ordered[key] = Json::parse(json::dump(written.at(key)));
  if (one.learned.last_events.empty()) return ordered;
  const json::Value taught = kube::encode_event_class_status(one.name, one.learned);
  ordered["status"] = Json::parse(json::dump(taught.at("status")));
  return ordered;
}

std::string names(const Classes& classes) {
  std::string text;
  for (const model::EventClass& one : classes) text += one.name + "\n";
  return text;
}

TextTable::Row row_of(const model::EventClass& one) {
  const auto& learned = one.learned;
  const auto size = model::log_size(learned);
  const bool taught = !learned.last_events.empty();
  return {one.name,
          one.family,
          std::to_string(learned.events),
          taught ? grouped(std::exp(size.mean)) : "",
          learned.last_events.size() > 1
              ? json::number_text(std::round(100 * std::exp(size.deviation)) / 100)
              : "",
          taught ? to_string(learned.last_events.front().start) : "",
          one.prior_peak ? grouped(one.prior_peak->count()) : ""};
}

/// What the spec says, and the newest event.
TextTable::Row more_of(const model::EventClass& one) {
  const auto& last = one.learned.last_events;
  return {one.prior_peak ? json::number_text(one.prior_spread) : "",
          one.ramp_up ? to_string(*one.ramp_up) : "", one.overrun ? to_string(*one.overrun) : "",
          last.empty() ? "" : last.front().name,
          last.empty() ? "" : grouped(last.front().uplift.count())};
}

}  // namespace

std::string print_classes(const Classes& classes, const std::string& format) {
  if (format == "name") return names(classes);
  const bool wide = format == "wide";
  TextTable::Row header{"CLASS", "FAMILY", "EVENTS", "TYPICAL", "FACTOR", "LAST", "PRIOR"};
  if (wide) header.insert(header.end(), {"SPREAD", "RAMP", "OVERRUN", "LAST EVENT", "BROUGHT"});
  TextTable table(std::move(header));
  for (const model::EventClass& one : classes) {
    TextTable::Row row = row_of(one);
    if (wide) std::ranges::move(more_of(one), std::back_inserter(row));
    table.add(std::move(row));
  }
  return table.text();
}

std::string print_class_manifests(const Classes& classes, const std::string& format) {
  if (format == "json") {
    Json items = Json::array();
    for (const model::EventClass& one : classes) items.push_back(manifest(one));
    return Json{{"apiVersion", "v1"}, {"kind", "List"}, {"items", items}}.dump(2) + "\n";
  }
  std::string text;
  for (const model::EventClass& one : classes) text += "---\n" + report::to_yaml(manifest(one));
  return text;
}

}  // namespace edgetide::cli
