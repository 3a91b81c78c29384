#include "kube/event_calendars.h"

#include <algorithm>
#include <chrono>

#include "edgetide/core/thrown.h"
#include "kube/calendar_text.h"
#include "kube/decoding.h"
#include "kube/paths.h"
#include "kube/status_codec.h"

namespace edgetide::kube {
namespace {

// As far as a pool looks back for what events have taught, and ahead for what is to come.
constexpr std::chrono::days kPast{62};
constexpr std::chrono::days kAhead{31};
/// How often it is seen which calendars are due.
constexpr Seconds kTick{1};
constexpr std::size_t kLongestNote = 1024;

std::string event_class_of(const EventCalendarResource& calendar, const model::StreamEvent& event) {
  for (const auto& [contains, event_class] : calendar.classes) {
    if (event.name.find(contains) != std::string::npos) return event_class;
  }
  return calendar.event_class.empty() ? event.event_class : calendar.event_class;
}

std::shared_ptr<const AnnouncedEvent> announced(const EventCalendarResource& calendar,
                                                const model::StreamEvent& event) {
  auto made = std::make_shared<AnnouncedEvent>();
  made->start = event.start;
  made->resource = {
      .key = {calendar.key.name_space, calendar.key.name + "/" + event.name},
      .duration = event.duration,
      .event_class = event_class_of(calendar, event),
      .pools = calendar.pools,
      .expected_peak = event.expected_peak,
      .minimum_replicas = event.minimum_replicas,
      .ramp_up = calendar.ramp_up,
      .overrun = calendar.overrun,
  };
  return made;
}

/// Whoever may read a calendar's status may not read the Secret that it comes from.
Error without_its_words(const Error& error, const std::string& name) {
  return {.code = error.code,
          .message = "is no calendar that can be read; of a Secret no more is told",
          .context = name};
}

}  // namespace

EventCalendars::EventCalendars(Client& client, Outbox& outbox, EventRecorder& recorder,
                               EventCalendarsOptions options)
    : client_(client), outbox_(outbox), recorder_(recorder), options_(std::move(options)) {
  if (!options_.read) return;
  const auto namespaces =
      options_.namespaces.empty() ? std::vector<std::string>{""} : options_.namespaces;
  for (const std::string& name : namespaces) {
    ReflectorOptions watch;
    watch.name = name.empty() ? "eventcalendars" : "eventcalendars/" + name;
    watch.collection = [path = collection_path(kApiVersion, "eventcalendars", name)] {
      return Result<std::string>(path);
    };
    resources_.push_back(std::make_unique<Resources>(
        client,
        [this](simdjson::dom::element object,
               const EventCalendarResource* before) -> Result<EventCalendarResource> {
          const auto value = to_value(object);
          if (!value.ok()) return value.error();
          auto decoded = decode_event_calendar(*value);
          if (decoded.ok()) return std::move(decoded.value);
          const Error error =
              to_error(decoded.problems, "EventCalendar " + decoded.value.key.text());
          if (options_.on_problem)
            options_.on_problem(error.text() +
                                (before ? "; the last good version holds" : "; left out"));
          return error;
        },
        Store<EventCalendarResource>::OnChange{}, std::move(watch), options_.on_problem));
  }
}

void EventCalendars::start() {
  if (resources_.empty()) return;
  for (const auto& resources : resources_) resources->reflector().start();
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void EventCalendars::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void EventCalendars::run(std::stop_token stop) {
  keep_doing(Work::kCalendar, stop, [&] {
    look_at_due();
    tell_all();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, kTick, [] { return false; });
  });
}

void EventCalendars::look_at_due() {
  std::map<ObjectKey, Resources::Ptr> standing;
  for (const auto& resources : resources_) {
    for (auto& [key, resource] : resources->store().all()) standing.emplace(key, resource);
  }
  std::vector<Known> gone;
  std::vector<Resources::Ptr> due;
  {
    const std::lock_guard lock(mutex_);
    for (auto known = known_.begin(); known != known_.end();) {
      if (standing.contains(known->first)) {
        ++known;
        continue;
      }
      gone.push_back(std::move(known->second));
      known = known_.erase(known);
    }
    const Instant now = options_.now();
    for (const auto& [key, resource] : standing) {
      const auto known = known_.find(key);
      if (known == known_.end() || known->second.resource != *resource ||
          !known->second.looked_at || now - *known->second.looked_at >= resource->refresh) {
        due.push_back(resource);
      }
    }
  }
  for (const Known& known : gone)
    options_.on_change(known.resource.key.name_space, known.resource.pools);
  for (const auto& resource : due) look_at(*resource);
}

void EventCalendars::tell_all() {
  if (!options_.writes()) return;
  const std::lock_guard lock(mutex_);
  for (auto& [key, known] : known_) {
    if (!known.told) tell(known, options_.now());
  }
}

void EventCalendars::look_at(const EventCalendarResource& resource) {
  const Instant now = options_.now();
  const std::string name = resource.source + "/" + resource.source_key;
  const auto read = contain(Work::kCalendar, [&]() -> Result<model::EventCalendar> {
    const auto text = calendar_text(client_, resource);
    if (!text.ok()) return text.error();
    auto calendar = options_.read(*text, name, now - kPast, now + kAhead, resource.time_zone);
    if (!calendar.ok() && resource.in_secret) return without_its_words(calendar.error(), name);
    return calendar;
  });
  Selector before;
  {
    const std::lock_guard lock(mutex_);
    Known& known = known_[resource.key];
    before = known.looked_at ? known.resource.pools : resource.pools;
    known.resource = resource;
    known.looked_at = now;
    take(known, read, now);
  }
  options_.on_change(resource.key.name_space, resource.pools);
  if (before != resource.pools) options_.on_change(resource.key.name_space, before);
}

void EventCalendars::take(Known& known, const Result<model::EventCalendar>& read, Instant now) {
  std::vector<model::StreamEvent> coming;
  if (read.ok()) {
    for (const auto& event : read->events()) {
      if (event.end() >= now) coming.push_back(event);
    }
  }
  auto& left = known.report.coming;  // of what it said before
  std::erase_if(left, [now](const model::StreamEvent& event) { return event.end() < now; });
  const bool good = read.ok() && (!coming.empty() || left.empty());
  CalendarReport report{.ready = good, .since = known.report.since};
  if (!read.ok()) {
    report.reason = "Unreadable";
    report.message = read.error().text();
  } else if (!good) {
    report.reason = "Empty";
    report.message = "suddenly announces nothing for the coming month";
  } else {
    report.reason = "Read";
    report.message = std::to_string(coming.size()) + " events in the coming month";
  }
  if (!good) {
    report.message += left.empty() ? ""
                                   : "; the last good copy holds, with " +
                                         std::to_string(left.size()) + " events";
    coming = std::move(left);
  } else {
    known.events.clear();
    for (const auto& event : read->events())
      known.events.push_back(announced(known.resource, event));
  }
  for (model::StreamEvent& event : coming)
    event.event_class = event_class_of(known.resource, event);
  report.coming = std::move(coming);
  if (known.report.reason.empty() || known.report.ready != report.ready) report.since = now;
  known.report = std::move(report);
  known.told = false;
  if (!good && options_.on_problem)
    options_.on_problem("EventCalendar " + known.resource.key.text() + ": " + known.report.message);
}

void EventCalendars::tell(Known& known, Instant now) {
  const CalendarReport& report = known.report;
  known.told = true;
  if (!report.ready) {
    recorder_.record({"EventCalendar", known.resource.key, known.resource.uid},
                     {report.reason == "Empty" ? "CalendarEmpty" : "CalendarUnreadable",
                      "ReadCalendar", true, clipped(report.message, kLongestNote)},
                     now);
  }
  std::string status = json::dump(encode_event_calendar_status(known.resource, report));
  if (status == known.written) return;
  outbox_.post({.address = "event calendar " + known.resource.key.text(),
                .call = {.method = http::Method::kPatch,
                         .target = collection_path(kApiVersion, "eventcalendars",
                                                   known.resource.key.name_space) +
                                   "/" + percent_encode(known.resource.key.name) +
                                   "/status?fieldManager=edgetide&force=true",
                         .body = status,
                         .content_type = "application/apply-patch+yaml"},
                .done = [this, key = known.resource.key](const Result<std::string>& outcome) {
                  if (outcome.ok() || outcome.error().code == ErrorCode::kNotFound) return;
                  if (options_.on_problem)
                    options_.on_problem("status of EventCalendar " + key.text() + ": " +
                                        outcome.error().text());
                  const std::lock_guard lock(mutex_);
                  if (const auto still = known_.find(key); still != known_.end())
                    still->second.written.clear();
                }});
  known.written = std::move(status);
}

EventCalendars::Events EventCalendars::of(const model::EdgePool& pool) const {
  Events mine;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, known] : known_) {
    if (key.name_space != pool.key.name_space || !known.resource.pools.matches(pool.labels))
      continue;
    mine.insert(mine.end(), known.events.begin(), known.events.end());
  }
  return mine;
}

std::vector<std::string> EventCalendars::waiting() const {
  std::vector<std::string> names;
  for (const auto& resources : resources_) {
    for (const auto& [key, resource] : resources->store().all()) {
      const std::lock_guard lock(mutex_);
      if (!known_.contains(key)) names.push_back("eventcalendar " + key.text());
    }
  }
  return names;
}

std::vector<Reflector*> EventCalendars::reflectors() const {
  std::vector<Reflector*> all;
  for (const auto& resources : resources_) all.push_back(&resources->reflector());
  return all;
}

std::map<ObjectKey, bool> EventCalendars::readiness() const {
  std::map<ObjectKey, bool> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, known] : known_) all.emplace(key, known.report.ready);
  return all;
}

}  // namespace edgetide::kube
