#include "edgetide/model/class_name.h"
#include "kube/codec_parts.h"

namespace edgetide::kube {
namespace {

constexpr std::int64_t kDay = 24 * 60;
constexpr std::size_t kWallClockLength = std::string_view{"2026-12-05T20:00:00"}.size();

/// The start as written, when there is such a day and, where the options can tell, such a moment.
std::optional<std::string> read_start(Fields& spec, const std::string& zone,
                                      const DecodeOptions& options) {
  auto start = spec.required_text("start", TextKind::kMoment);
  if (!start) return std::nullopt;
  if (!parse_instant(start->substr(0, kWallClockLength) + "Z")) {
    spec.add_problem("start", json::excerpt(*start) + " names a day that its month does not have");
    return std::nullopt;
  }
  if (options.local_time == nullptr) return start;
  const auto moment = options.local_time->moment(*start, zone);
  if (moment.ok()) return start;
  spec.add_problem("start", moment.error().message);
  return std::nullopt;
}

void read_minutes(Fields& spec, std::string_view key, std::optional<Seconds>& duration) {
  if (const auto minutes = spec.integer(key, {0, kDay})) duration = Seconds{*minutes * 60};
}

void read_spec(Fields& spec, StreamEventResource& event, const DecodeOptions& options) {
  const bool zone_given = spec.has("timeZone");
  const auto zone = read_time_zone(spec, "timeZone", options);
  event.time_zone = zone.value_or(event.time_zone);
  // Without its zone there is no telling which moment a start means.
  DecodeOptions start_options = options;
  if (zone_given && !zone) start_options.local_time = nullptr;
  event.start = read_start(spec, event.time_zone, start_options).value_or("");

  if (const auto minutes = spec.required_integer("durationMinutes", {1, 7 * kDay})) {
    event.duration = Seconds{*minutes * 60};
  }
  event.event_class = model::class_named(spec.text("class", TextKind::kDomainName).value_or(""));
  event.pools = read_pools(spec);
  if (const auto peak = spec.quantity("expectedPeakViewers", {"1", "1G"})) {
    event.expected_peak = Viewers{peak->number()};
  }
  if (const auto minimum = spec.integer("minimumReplicas", {1, kMostReplicas})) {
    event.minimum_replicas = Replicas{static_cast<int>(*minimum)};
  }
  read_minutes(spec, "rampUpMinutes", event.ramp_up);
  read_minutes(spec, "overrunMinutes", event.overrun);
}

}  // namespace

Decoded<StreamEventResource> decode_stream_event(const json::Value& object,
                                                 const DecodeOptions& options) {
  Findings findings{.refuse_unknown = options.refuse_unknown, .problems = {}};
  StreamEventResource event;
  {
    Fields fields{object, "", findings};
    ObjectMeta meta = read_meta(fields, "StreamEvent");
    event.key = std::move(meta.key);
    event.uid = std::move(meta.uid);
    event.generation = meta.generation;
    Fields spec = fields.required_object("spec");
    read_spec(spec, event, options);
  }
  return {std::move(event), std::move(findings.problems)};
}

}  // namespace edgetide::kube
