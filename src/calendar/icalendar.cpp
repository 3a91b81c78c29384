#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "calendar/event_limits.h"
#include "calendar/files.h"
#include "calendar/ical_reading.h"
#include "calendar/names.h"
#include "calendar/viewers.h"
#include "calendar/zones.h"
#include "edgetide/model/class_name.h"
#include "json/json.h"

namespace edgetide::calendar {
namespace {

using model::StreamEvent;

constexpr std::size_t kMostEvents = 100'000;
constexpr std::size_t kMostOccurrences = 50'000;  // of one entry: more than a century of days

/// A further time, which may last otherwise.
struct ExtraTime {
  Instant start;
  std::optional<Seconds> duration;
};

/// A VEVENT: what takes place, and when.
struct Entry {
  std::string uid;
  int sequence = 0;
  Position position;
  StreamEvent event;  ///< Its first time.
  WallClock first;
  const model::UtcOffsets* zone = nullptr;  ///< UTC when nullptr.
  std::optional<RecurrenceRule> rule;
  std::vector<ExtraTime> extra;
  std::set<Instant> excluded;
  std::set<WallClock> excluded_days;  ///< Midnights.
  std::optional<Instant> replaces;    ///< RECURRENCE-ID
  bool cancelled = false;
};

/// At most a name's bytes of it, whole characters.
std::string cut(std::string text) {
  if (text.size() <= kLongestName) return text;
  std::size_t end = kLongestName;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

/// Reads the VEVENTs of one VCALENDAR.
class EntryReader {
 public:
  EntryReader(const ICalComponent& calendar, const std::string& zone, ICalReading& reading)
      : zones_(calendar, zone, reading), reading_(reading) {}

  std::optional<Entry> read(const ICalComponent& component) {
    const auto* start = component.property("DTSTART");
    const auto* uid = component.property("UID");
    if (start == nullptr || uid == nullptr || uid->value.empty()) {
      reading_.report(component.position, "VEVENT", "needs UID and DTSTART");
      return std::nullopt;
    }
    Entry entry{.uid = uid->value, .position = component.position};
    const auto first = single(*start);
    if (!first) return std::nullopt;
    entry.first = first->first.wall_clock;
    entry.event.start = first->second;
    entry.zone = first->first.utc ? &utc_ : zones_.of(*start);
    entry.event.duration = duration(component, *first);
    describe(component, entry);
    for (const ICalProperty& property : component.properties) take(property, entry);
    return entry;
  }

 private:
  using Time = std::pair<ICalTime, Instant>;

  std::optional<Instant> moment(const ICalTime& time, const ICalProperty& property) {
    if (time.utc) return Instant{time.wall_clock.time_since_epoch()};
    const auto* zone = zones_.of(property);
    return zone ? std::optional(moment_at(time.wall_clock, *zone)) : std::nullopt;
  }

  std::optional<Time> single(const ICalProperty& property) {
    const auto times = reading_.times(property);
    if (times.empty()) return std::nullopt;
    const auto at = moment(times.front(), property);
    return at ? std::optional(Time{times.front(), *at}) : std::nullopt;
  }

  bool lasts(Seconds duration, const ICalProperty& property) {
    const bool fine =
        duration >= Seconds{0} && duration <= std::chrono::minutes{kLongestEventMinutes};
    if (!fine) reading_.report(property, "ends before it starts, or more than 31 days after");
    return fine;
  }

  Seconds duration(const ICalComponent& component, const Time& start) {
    if (const auto* end = component.property("DTEND")) {
      const auto at = single(*end);
      if (at && lasts(at->second - start.second, *end)) return at->second - start.second;
    } else if (const auto* length = component.property("DURATION")) {
      const auto duration = parse_duration(length->value);
      if (!duration) {
        reading_.report(*length, json::excerpt(length->value) + " is not a duration such as PT2H");
      } else if (lasts(*duration, *length)) {
        return *duration;
      }
    }
    return start.first.is_date ? std::chrono::days{1} : Seconds{0};
  }

  void describe(const ICalComponent& component, Entry& entry) {
    const auto* summary = component.property("SUMMARY");
    entry.event.name = cut(unescaped(summary ? summary->value : ""));
    if (entry.event.name.empty()) entry.event.name = cut(entry.uid);
    if (const auto* categories = component.property("CATEGORIES")) {
      const std::string& all = categories->value;
      entry.event.event_class = model::class_named(cut(unescaped(all.substr(0, all.find(',')))));
    }
    if (const auto* status = component.property("STATUS"))
      entry.cancelled = upper_case(status->value) == "CANCELLED";
  }

  void take(const ICalProperty& property, Entry& entry) {
    if (property.name == "RRULE") {
      if (entry.rule) reading_.report(property, "stands twice; write a second VEVENT");
      entry.rule = reading_.rule(property);
    } else if (property.name == "EXRULE") {
      reading_.report(property, "is not supported; name the dates by EXDATE");
    } else if (property.name == "RDATE") {
      take_extra(property, entry);
    } else if (property.name == "EXDATE") {
      for (const ICalTime& time : reading_.times(property)) {
        if (time.is_date) entry.excluded_days.insert(time.wall_clock);
        if (const auto at = moment(time, property)) entry.excluded.insert(*at);
      }
    } else if (property.name == "RECURRENCE-ID") {
      if (property.parameter("RANGE") != nullptr)
        reading_.report(property, "RANGE is not supported; end the rule and write a second VEVENT");
      if (const auto at = single(property)) entry.replaces = at->second;
    } else if (property.name == "SEQUENCE") {
      entry.sequence = static_cast<int>(number(property, 1e9).value_or(0));
    } else if (property.name == "X-EDGETIDE-EXPECTED-PEAK-VIEWERS") {
      entry.event.expected_peak = parse_viewers(property.value);
      if (!entry.event.expected_peak)
        reading_.report(property, json::excerpt(property.value) + " " + no_viewers());
    } else if (property.name == "X-EDGETIDE-MINIMUM-REPLICAS") {
      if (const auto least = number(property, static_cast<double>(kMostReplicas)))
        entry.event.minimum_replicas = Replicas{static_cast<int>(*least)};
    }
  }

  void take_extra(const ICalProperty& property, Entry& entry) {
    std::string_view rest = property.value;
    for (const ICalTime& time : reading_.times(property)) {
      const std::string_view item = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(item.size() + 1, rest.size()));
      const auto start = moment(time, property);
      if (!start) return;
      ExtraTime extra{*start, std::nullopt};
      if (const auto slash = item.find('/'); slash != std::string_view::npos) {
        const std::string_view end = item.substr(slash + 1);
        const auto until = parse_time(end);
        const auto at = until ? moment(*until, property) : std::nullopt;
        extra.duration = at ? std::optional(*at - *start) : parse_duration(end);
        if (!extra.duration || !lasts(*extra.duration, property))
          return reading_.report(property, json::excerpt(std::string{item}) + " is not a period");
      }
      entry.extra.push_back(extra);
    }
  }

  /// From 0 to `max`.
  std::optional<double> number(const ICalProperty& property, double max) {
    double value = 0;
    const std::string& text = property.value;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && stopped == end && value >= 0 && value <= max) return value;
    reading_.report(property,
                    json::excerpt(text) + " is not a number from 0 to " + json::number_text(max));
    return std::nullopt;
  }

  ICalZones zones_;
  model::UtcOffsets utc_;
  ICalReading& reading_;
};

/// The entries of one calendar, as events within a span.
class Expansion {
 public:
  Expansion(Span span, ICalReading& reading) : span_(span), reading_(reading) {}

  /// Of two entries of one UID, for the same occurrence, the one with the higher SEQUENCE stays.
  void add(Entry entry) {
    const auto key = std::pair(entry.uid, entry.replaces);
    const auto [old, fresh] = entries_.try_emplace(key, entry);
    if (fresh) return;
    if (old->second.sequence == entry.sequence) {
      reading_.report(entry.position, "VEVENT",
                      "UID " + json::excerpt(entry.uid) + " stands already in line " +
                          std::to_string(old->second.position.line));
    } else if (old->second.sequence < entry.sequence) {
      old->second = std::move(entry);
    }
  }

  void expand() {
    for (const auto& [key, entry] : entries_) {
      if (entry.cancelled) continue;
      if (entry.replaces) {
        keep(entry, entry.event.start, entry.event.duration);
      } else {
        expand(entry);
      }
    }
  }

  std::vector<StreamEvent> events;

 private:
  void expand(const Entry& entry) {
    std::map<Instant, Seconds> times{{entry.event.start, entry.event.duration}};
    if (entry.rule) {
      const auto* until = std::get_if<Instant>(&entry.rule->until);
      const Instant last = until != nullptr ? std::min(*until, span_.to) : span_.to;
      // A wall clock is at most a day from the same time in UTC.
      const WallClock bound{last.time_since_epoch() + std::chrono::days{1}};
      for (const WallClock at : occurrences(*entry.rule, entry.first, bound, kMostOccurrences)) {
        if (entry.excluded_days.contains(std::chrono::floor<std::chrono::days>(at))) continue;
        const Instant start = moment_at(at, *entry.zone);
        if (start <= last) times.emplace(start, entry.event.duration);
      }
    }
    for (const ExtraTime& extra : entry.extra)
      times[extra.start] = extra.duration.value_or(entry.event.duration);
    if (entry.excluded_days.contains(std::chrono::floor<std::chrono::days>(entry.first)))
      times.erase(entry.event.start);
    for (const auto& [start, duration] : times) {
      const bool replaced = entries_.contains({entry.uid, start});
      if (!replaced && !entry.excluded.contains(start)) keep(entry, start, duration);
    }
  }

  void keep(const Entry& entry, Instant start, Seconds duration) {
    if (start < span_.from || start > span_.to) return;
    if (events.size() == kMostEvents) {
      if (!full_)
        reading_.report(entry.position, "VEVENT",
                        "more than " + std::to_string(kMostEvents) + " events in all");
      full_ = true;
      return;
    }
    StreamEvent event = entry.event;
    event.start = start;
    event.duration = duration;
    // Also where only one of many is within the span: an event keeps its name.
    if (entry.rule || !entry.extra.empty() || entry.replaces) event.name += "@" + to_string(start);
    events.push_back(std::move(event));
  }

  Span span_;
  ICalReading& reading_;
  std::map<std::pair<std::string, std::optional<Instant>>, Entry> entries_;
  bool full_ = false;
};

}  // namespace

Result<model::EventCalendar> events_from_ical(std::string_view text, std::string_view file_name,
                                              Span span, const std::string& zone) {
  auto read = read_components(text, file_name);
  if (!read) return read.error();
  ICalReading reading;
  reading.problems() = std::move(read->problems);
  std::vector<StreamEvent> events;
  for (const ICalComponent& calendar : read->calendars) {
    EntryReader reader(calendar, zone, reading);
    Expansion expansion(span, reading);
    for (const ICalComponent& part : calendar.parts) {
      if (part.name != "VEVENT") continue;
      if (auto entry = reader.read(part)) expansion.add(*std::move(entry));
    }
    if (reading.problems().empty()) expansion.expand();
    std::ranges::move(expansion.events, std::back_inserter(events));
  }
  if (!reading.problems().empty()) return yaml::to_error(file_name, std::move(reading.problems()));
  make_names_unique(events);
  return model::EventCalendar{std::move(events)};
}

}  // namespace edgetide::calendar
