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

/// Whatever of the status can be used: nobody but programs writes it.
LearnedClass read_learned(const json::Value& object) {
  LearnedClass learned;
  for (const json::Value& item : items_at(object, "status.lastEvents")) {
    if (learned.last_events.size() == LearnedClass::kMostEvents) break;
    if (auto event = read_past_event(item)) learned.last_events.push_back(std::move(*event));
  }
  std::ranges::stable_sort(learned.last_events, std::greater{}, &model::PastEvent::start);
  for (const json::Value& item : items_at(object, "status.profile")) {
    if (learned.profile.size() == model::EventBins::kCount) break;
    const double share = item.is_number() ? item.get<double>() / kThousandths : 0;
    learned.profile.push_back(std::clamp(share, 0.0, 1.0));
  }
  const auto known = static_cast<std::int64_t>(learned.last_events.size());
  const auto events = json::get_int(object, "status.events", 0, kMostEventsEver);
  learned.events = std::max(known, events.ok() ? *events : 0);
  return learned;
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
  for (const model::PastEvent& event : learned.last_events) {
    const double viewers = std::clamp(event.uplift.count(), 1.0, static_cast<double>(kMostViewers));
    status["lastEvents"].push_back({{"name", event.name},
                                    {"start", edgetide::to_string(event.start)},
                                    {"viewers", std::llround(viewers)}});
  }
  return {{"apiVersion", kApiVersion},
          {"kind", "EventClass"},
          {"metadata", {{"name", name}}},
          {"status", std::move(status)}};
}

}  // namespace edgetide::kube
