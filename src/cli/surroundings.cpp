#include "cli/surroundings.h"

#include <algorithm>

#include "calendar/zones.h"
#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/paths.h"

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
    if (!start.ok() || *start + event.value.duration + event.value.overrun < now) continue;
    read.events.push_back({std::move(event.value), *start});
  }
  std::ranges::sort(read.events, {}, &kube::AnnouncedEvent::start);
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

}  // namespace

Surroundings read_surroundings(const app::ClusterClient& cluster, const model::EdgePool& pool,
                               Instant now) {
  Surroundings read;
  const std::string& home = pool.key.name_space;
  read_source(cluster, pool.demand.source, read);
  read_events(listed(cluster, "streamevents", home, read.unread), pool, now, read);
  for (const json::Value& object : listed(cluster, "eventcalendars", home, read.unread)) {
    const auto calendar = kube::decode_event_calendar(object);
    if (calendar.value.pools.matches(pool.labels))
      read.calendars.push_back(calendar_of(object, calendar.value.key.name));
  }
  for (const json::Value& object : listed(cluster, "eventclasses", "", read.unread)) {
    auto decoded = kube::decode_event_class(object);
    if (decoded.ok()) read.classes.push_back(std::move(decoded.value));
  }
  return read;
}

}  // namespace edgetide::cli
