#include "edgetide/model/class_name.h"
#include "kube/codec_parts.h"
#include "kube/status_codec.h"

namespace edgetide::kube {
namespace {

constexpr std::int64_t kDay = 24 * 60;
constexpr std::int64_t kMostClasses = 64;
constexpr std::size_t kMostNext = 20;
// The longest texts that the schema takes.
constexpr std::size_t kLongestMessage = 4096;
constexpr std::size_t kLongestName = 512;

void read_source(Fields& spec, EventCalendarResource& calendar) {
  Fields source = spec.required_object("source");
  const bool map = source.has("configMapKeyRef");
  const bool secret = source.has("secretKeyRef");
  if (source.present() && map == secret)
    spec.add_problem("source", "exactly one of configMapKeyRef and secretKeyRef is required");
  calendar.in_secret = secret;
  for (const char* kind : {"configMapKeyRef", "secretKeyRef"}) {
    if (!source.has(kind)) continue;
    Fields ref = source.object(kind);
    calendar.source = ref.required_text("name", TextKind::kObjectName).value_or("");
    calendar.source_key = ref.required_text("key", TextKind::kSecretKey).value_or("");
  }
}

void read_classes(Fields& spec, EventCalendarResource& calendar) {
  if (!spec.has("classes")) return;
  spec.list("classes", {0, kMostClasses}, [&](const json::Value& item, const std::string& path) {
    Fields entry{item, path, spec.findings()};
    auto contains = entry.required_text("contains", TextKind::kFree).value_or("");
    const auto event_class = entry.required_text("class", TextKind::kDomainName).value_or("");
    calendar.classes.emplace_back(std::move(contains), model::class_named(event_class));
  });
}

void read_spec(Fields& spec, EventCalendarResource& calendar, const DecodeOptions& options) {
  read_source(spec, calendar);
  if (const auto seconds = spec.integer("refreshSeconds", {10, 86'400}))
    calendar.refresh = Seconds{*seconds};
  calendar.time_zone = read_time_zone(spec, "timeZone", options).value_or("UTC");
  calendar.event_class = model::class_named(spec.text("class", TextKind::kDomainName).value_or(""));
  read_classes(spec, calendar);
  calendar.pools = read_pools(spec);
  if (const auto minutes = spec.integer("rampUpMinutes", {0, kDay}))
    calendar.ramp_up = Seconds{*minutes * 60};
  if (const auto minutes = spec.integer("overrunMinutes", {0, kDay}))
    calendar.overrun = Seconds{*minutes * 60};
}

}  // namespace

Decoded<EventCalendarResource> decode_event_calendar(const json::Value& object,
                                                     const DecodeOptions& options) {
  Findings findings{.refuse_unknown = options.refuse_unknown, .problems = {}};
  EventCalendarResource calendar;
  {
    Fields fields{object, "", findings};
    ObjectMeta meta = read_meta(fields, "EventCalendar");
    calendar.key = std::move(meta.key);
    calendar.uid = std::move(meta.uid);
    calendar.generation = meta.generation;
    Fields spec = fields.required_object("spec");
    read_spec(spec, calendar, options);
  }
  return {std::move(calendar), std::move(findings.problems)};
}

json::Value encode_event_calendar_status(const EventCalendarResource& calendar,
                                         const CalendarReport& report) {
  json::Value status{{"observedGeneration", calendar.generation},
                     {"events", report.coming.size()},
                     {"next", json::Value::array()}};
  status["conditions"] = json::Value::array();
  status["conditions"].push_back({{"type", "Ready"},
                                  {"status", report.ready ? "True" : "False"},
                                  {"observedGeneration", calendar.generation},
                                  {"lastTransitionTime", edgetide::to_string(report.since)},
                                  {"reason", report.reason},
                                  {"message", clipped(report.message, kLongestMessage)}});
  for (const model::StreamEvent& event : report.coming) {
    if (status["next"].size() == kMostNext) break;
    json::Value next{{"name", clipped(event.name, kLongestName)},
                     {"start", edgetide::to_string(event.start)},
                     {"end", edgetide::to_string(event.end())}};
    if (!event.event_class.empty()) next["class"] = event.event_class;
    status["next"].push_back(std::move(next));
  }
  return {{"apiVersion", kApiVersion},
          {"kind", "EventCalendar"},
          {"metadata", {{"name", calendar.key.name}, {"namespace", calendar.key.name_space}}},
          {"status", std::move(status)}};
}

}  // namespace edgetide::kube
