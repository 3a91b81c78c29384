#include <algorithm>
#include <cmath>
#include <cstdio>

#include "kube/codec_parts.h"

namespace edgetide::kube {
namespace {

using model::EventClass;
using model::LearnedClass;

constexpr std::int64_t kDay = 24 * 60;
constexpr std::int64_t kMostViewers = 1'000'000'000'000'000;
constexpr std::int64_t kMostEventsEver = 1'000'000'000;
constexpr double kThousandths = 1000;

void read_spec(Fields& spec, EventClass& read) {
  read.family = spec.text("family", TextKind::kDomainName).value_or("");
  if (const auto peak = spec.quantity("priorPeakViewers", {"1", "1G"})) {
    read.prior_peak = Viewers{peak->number()};
  }
  if (const auto spread = spec.quantity("priorSpread", {"1.05", "100"})) {
    read.prior_spread = spread->number();
  }
  const auto read_minutes = [&](std::string_view key, std::optional<Seconds>& duration) {
    if (const auto minutes = spec.integer(key, {0, kDay})) duration = Seconds{*minutes * 60};
  };
  read_minutes("rampUpMinutes", read.ramp_up);
  read_minutes("overrunMinutes", read.overrun);
}

const json::Value& items_at(const json::Value& object, std::string_view path) {
  static const json::Value kNone = json::Value::array();
  const json::Value* found = json::find(object, path);
  return found != nullptr && found->is_array() ? *found : kNone;
}

std::optional<model::PastEvent> read_past_event(const json::Value& item) {
  const auto name = json::get_string(item, "name");
  const auto start = json::get_string(item, "start");
  const auto viewers = json::get_int(item, "viewers", 1, kMostViewers);
  const auto at = start.ok() ? parse_instant(*start) : std::nullopt;
  if (!name.ok() || !at || !viewers.ok()) return std::nullopt;
  return model::PastEvent{*name, *at, Viewers{static_cast<double>(*viewers)}};
}

std::vector<model::PastEvent> read_past_events(const json::Value& object, std::string_view path,
                                               std::size_t most) {
  std::vector<model::PastEvent> events;
  for (const json::Value& item : items_at(object, path)) {
    if (events.size() == most) break;
    if (auto event = read_past_event(item)) events.push_back(std::move(*event));
  }
  std::ranges::stable_sort(events, std::greater{}, &model::PastEvent::start);
  return events;
}

/// Whatever of the status can be used: nobody but programs writes it.
LearnedClass read_learned(const json::Value& object) {
  LearnedClass learned;
  learned.last_events = read_past_events(object, "status.lastEvents", LearnedClass::kMostEvents);
  learned.earlier_events =
      read_past_events(object, "status.earlierEvents", LearnedClass::kMostEarlierEvents);
  for (const json::Value& item : items_at(object, "status.profile")) {
    if (learned.profile.size() == model::EventBins::kCount) break;
    const double share = item.is_number() ? item.get<double>() / kThousandths : 0;
    learned.profile.push_back(std::clamp(share, 0.0, 1.0));
  }
  const auto known =
      static_cast<std::int64_t>(learned.last_events.size() + learned.earlier_events.size());
  const auto events = json::get_int(object, "status.events", 0, kMostEventsEver);
  learned.events = std::max(known, events.ok() ? *events : 0);
  return learned;
}

json::Value encode_past_event(const model::PastEvent& event) {
  const double viewers = std::clamp(event.uplift.count(), 1.0, static_cast<double>(kMostViewers));
  return {{"name", event.name},
          {"start", edgetide::to_string(event.start)},
          {"viewers", std::llround(viewers)}};
}

std::string decimal(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", number);
  return text;
}

}  // namespace

Decoded<EventClass> decode_event_class(const json::Value& object, const DecodeOptions& options) {
  Findings findings{.refuse_unknown = options.refuse_unknown, .problems = {}};
  EventClass read;
  {
    Fields fields{object, "", findings};
    read.name = read_meta(fields, "EventClass").key.name;
    Fields spec = fields.required_object("spec");
    read_spec(spec, read);
  }
  read.learned = read_learned(object);
  return {std::move(read), std::move(findings.problems)};
}

json::Value encode_event_class_status(const std::string& name, const LearnedClass& learned) {
  const model::LogSize size = model::log_size(learned);
  json::Value status{
      {"events", learned.events},        {"typicalViewers", std::llround(std::exp(size.mean))},
      {"logMean", decimal(size.mean)},   {"logDeviation", decimal(size.deviation)},
      {"profile", json::Value::array()}, {"lastEvents", json::Value::array()}};
  for (const double share : learned.profile)
    status["profile"].push_back(std::lround(kThousandths * share));
  for (const model::PastEvent& event : learned.last_events)
    status["lastEvents"].push_back(encode_past_event(event));
  for (const model::PastEvent& event : learned.earlier_events)
    status["earlierEvents"].push_back(encode_past_event(event));
  return {{"apiVersion", kApiVersion},
          {"kind", "EventClass"},
          {"metadata", {{"name", name}}},
          {"status", std::move(status)}};
}

}  // namespace edgetide::kube
