#include "cli/surroundings.h"

#include <algorithm>

#include "calendar/zones.h"
#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/paths.h"
#include "kube/pool_status.h"

namespace edgetide::cli {
namespace {

/// Lists a collection, or says why it cannot be.
std::vector<json::Value> listed(const app::ClusterClient& cluster, const std::string& plural,
                                const std::string& name_space, std::vector<std::string>& unread) {
  auto objects = kube::list_objects(*cluster.client,
                                    kube::collection_path(kube::kApiVersion, plural, name_space));
  if (objects.ok()) return *std::move(objects);
  unread.push_back(objects.error().text());
  return {};
}

void read_source(const app::ClusterClient& cluster, const std::string& name, Surroundings& read) {
  const auto object = kube::get_object(
      *cluster.client, kube::collection_path(kube::kApiVersion, "metricsources", "") + "/" +
                           kube::percent_encode(name));
  if (!object.ok()) {
    read.unread.push_back(object.error().text());
    return;
  }
  auto source = kube::decode_metric_source(*object);
  if (source.ok()) {
    read.source = std::move(source.value);
  } else {
    read.unread.push_back(kube::to_error(source.problems, "MetricSource " + name).text());
  }
}

void read_events(const std::vector<json::Value>& objects, const model::EdgePool& pool, Instant now,
                 Surroundings& read) {
  for (const json::Value& object : objects) {
    auto event = kube::decode_stream_event(object);
    if (!event.ok() || !event.value.pools.matches(pool.labels)) continue;
    const auto start = calendar::to_instant(event.value.start, event.value.time_zone);
    const Seconds overrun = event.value.overrun.value_or(model::kUsualOverrun);
    if (!start.ok() || *start + event.value.duration + overrun < now) continue;
    read.events.push_back({std::move(event.value), *start});
  }
}

void read_drawing(const std::vector<json::Value>& objects, const model::EdgePool& pool,
                  Surroundings& read) {
  for (const json::Value& object : objects) {
    const auto upstream = json::get_string(object, "spec.upstreamRef.name");
    if (!upstream.ok() || *upstream != pool.key.name) continue;
    const kube::PoolStatus status = kube::decode_pool_status(object);
    const auto* valid = kube::find_condition(status, "UpstreamValid");
    const bool refused = valid != nullptr && valid->status == "False";
    read.drawn_by.push_back(status.key.name + (refused ? " (" + valid->reason + ")" : ""));
  }
}

Surroundings::Calendar calendar_of(const json::Value& object, const std::string& name) {
  const auto text = [&](const char* path) {
    const auto found = json::get_string(object, path);
    return found.ok() ? *found : std::string{};
  };
  const auto events = json::get_int(object, "status.events", 0, INT64_MAX);
  // Ready is the only condition of a calendar.
  return {.name = name,
          .reason = text("status.conditions[0].reason"),
          .message = text("status.conditions[0].message"),
          .since = parse_instant(text("status.conditions[0].lastTransitionTime")),
          .events = events.ok() ? *events : 0};
}

/// Those that have not been over for long.
void add_next_events(const json::Value& calendar, Instant now, Surroundings& read) {
  for (kube::AnnouncedEvent& event : next_events_of(calendar)) {
    if (event.start + event.resource.duration + model::kUsualOverrun >= now)
      read.events.push_back(std::move(event));
  }
}

}  // namespace

std::vector<kube::AnnouncedEvent> next_events_of(const json::Value& calendar) {
  std::vector<kube::AnnouncedEvent> events;
  const json::Value* const next = json::find(calendar, "status.next");
  if (next == nullptr || !next->is_array()) return events;
  for (const json::Value& told : *next) {
    const auto text = [&](const char* field) {
      const auto found = json::get_string(told, field);
      return found.ok() ? *found : std::string{};
    };
    const auto start = parse_instant(text("start"));
    const auto end = parse_instant(text("end"));
    if (!start || !end || *end < *start) continue;
    kube::AnnouncedEvent event{.start = *start};
    event.resource.key.name = text("name");
    event.resource.event_class = text("class");
    event.resource.duration = *end - *start;
    events.push_back(std::move(event));
  }
  return events;
}

Surroundings read_surroundings(const app::ClusterClient& cluster, const model::EdgePool& pool,
                               Instant now) {
  Surroundings read;
  const std::string& home = pool.key.name_space;
  read_source(cluster, pool.demand.source, read);
  read_events(listed(cluster, "streamevents", home, read.unread), pool, now, read);
  read_drawing(listed(cluster, "edgepools", home, read.unread), pool, read);
  for (const json::Value& object : listed(cluster, "eventcalendars", home, read.unread)) {
    const auto calendar = kube::decode_event_calendar(object);
    if (!calendar.value.pools.matches(pool.labels)) continue;
    read.calendars.push_back(calendar_of(object, calendar.value.key.name));
    add_next_events(object, now, read);
  }
  std::ranges::sort(read.events, {}, &kube::AnnouncedEvent::start);
  for (const json::Value& object : listed(cluster, "eventclasses", "", read.unread)) {
    auto decoded = kube::decode_event_class(object);
    if (decoded.ok()) read.classes.push_back(std::move(decoded.value));
  }
  return read;
}

}  // namespace edgetide::cli
