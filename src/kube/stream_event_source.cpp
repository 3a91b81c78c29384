#include "kube/stream_event_source.h"

#include "kube/decoding.h"
#include "kube/paths.h"

namespace edgetide::kube {

StreamEventSource::StreamEventSource(Client& client, const PoolRepository& pools,
                                     EventClasses& classes, const EventCalendars& calendars,
                                     StreamEventSourceOptions options)
    : pools_(pools),
      classes_(classes),
      calendars_(calendars),
      options_(std::move(options)),
      shares_({.usable_in = [&pools](const std::string& name) { return pools.usable_in(name); },
               .version = [&pools] { return pools.version(); }}) {
  const auto namespaces =
      options_.namespaces.empty() ? std::vector<std::string>{""} : options_.namespaces;
  for (const std::string& name : namespaces) {
    ReflectorOptions watch;
    watch.name = name.empty() ? "streamevents" : "streamevents/" + name;
    watch.collection = [path = collection_path(kApiVersion, "streamevents", name)] {
      return Result<std::string>(path);
    };
    events_.push_back(std::make_unique<Events>(
        client,
        [this](simdjson::dom::element object, const KeptEvent* before) {
          return decode(object, before);
        },
        [this](const ObjectKey&, const Events::Ptr& before, const Events::Ptr& after) {
          event_changed(before.get(), after.get());
        },
        std::move(watch), options_.on_problem));
  }
}

void StreamEventSource::start() {
  for (const auto& events : events_) events->reflector().start();
}

Result<StreamEventSource::KeptEvent> StreamEventSource::decode(simdjson::dom::element object,
                                                               const KeptEvent* before) const {
  const auto value = to_value(object);
  if (!value.ok()) return value.error();
  auto decoded = decode_stream_event(*value, {.local_time = &options_.local_time});
  std::optional<Error> error;
  if (!decoded.ok()) {
    error = to_error(decoded.problems, "StreamEvent " + decoded.value.key.text());
  } else {
    const auto start = options_.local_time.moment(decoded.value.start, decoded.value.time_zone);
    if (start.ok()) return KeptEvent{.resource = std::move(decoded.value), .start = *start};
    error = start.error();
    error->context = "StreamEvent " + decoded.value.key.text() + ", spec.start";
  }
  if (options_.on_problem) {
    options_.on_problem(error->text() + (before ? "; the last good version holds" : "; left out"));
  }
  return *error;
}

void StreamEventSource::event_changed(const KeptEvent* before, const KeptEvent* after) const {
  if (!options_.on_change) return;
  const bool same = before && after && before->resource.generation > 0 &&
                    before->resource.generation == after->resource.generation;
  if (same) return;
  const KeptEvent& either = after ? *after : *before;
  for (const auto& pool : pools_.usable_in(either.resource.key.name_space)) {
    const auto concerns = [&](const KeptEvent* event) {
      return event && event->resource.pools.matches(pool->labels);
    };
    if (concerns(before) || concerns(after)) options_.on_change(pool->key);
  }
}

model::EventCalendar StreamEventSource::calendar(const model::EdgePool& pool) {
  std::vector<Events::Ptr> mine = calendars_.of(pool);
  for (const auto& events : events_) {
    for (auto& [key, event] : events->store().all()) {
      if (key.name_space == pool.key.name_space && event->resource.pools.matches(pool.labels))
        mine.push_back(std::move(event));
    }
  }
  std::vector<model::StreamEvent> announced;
  for (const Events::Ptr& event : mine) announced.push_back(share_of(pool, *event));
  return model::EventCalendar(std::move(announced));
}

model::StreamEvent StreamEventSource::share_of(const model::EdgePool& pool,
                                               const KeptEvent& event) {
  const StreamEventResource& resource = event.resource;
  const model::KnownClass known = classes_.known(resource.event_class);
  model::StreamEvent part{.name = resource.key.text(),
                          .event_class = resource.event_class,
                          .start = event.start,
                          .duration = resource.duration,
                          .minimum_replicas = resource.minimum_replicas,
                          .ramp_up = resource.ramp_up,
                          .overrun = resource.overrun};
  const bool is_shared = resource.expected_peak || known.prior;
  const double share = is_shared ? shares_.share(pool, resource.pools) : 1;
  if (resource.expected_peak) part.expected_peak = Viewers{resource.expected_peak->count() * share};
  part.follow(known, share);
  return part;
}

model::UtcOffsets StreamEventSource::offsets(const model::EdgePool& pool) {
  const std::lock_guard lock(zones_mutex_);
  const auto known = zones_.find(pool.time_zone);
  if (known != zones_.end()) return known->second;
  auto offsets = options_.local_time.offsets(pool.time_zone);
  return zones_.emplace(pool.time_zone, offsets.ok() ? *offsets : model::UtcOffsets{})
      .first->second;
}

std::vector<Reflector*> StreamEventSource::reflectors() const {
  std::vector<Reflector*> all;
  for (const auto& events : events_) all.push_back(&events->reflector());
  return all;
}

}  // namespace edgetide::kube
