#include "calendar/ical_reading.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "calendar/zones.h"
#include "json/json.h"

namespace edgetide::calendar {
namespace {

constexpr std::size_t kMostProblems = 200;
constexpr std::size_t kMostZones = 100;
constexpr std::size_t kMostTimes = 10'000;
constexpr std::size_t kMostChanges = 2000;
constexpr WallClock kFirstWallClock{};
constexpr WallClock kLastWallClock = std::chrono::local_days{std::chrono::year{2100} / 1 / 1};

using Change = model::UtcOffsets::Change;

}  // namespace

void ICalReading::report(Position position, const std::string& name, std::string message) {
  if (problems_.size() < kMostProblems) problems_.push_back({position, name, std::move(message)});
}

std::optional<RecurrenceRule> ICalReading::rule(const ICalProperty& property) {
  if (++rules_ > kMostRules) {
    if (rules_ == kMostRules + 1)
      report(property, "more than " + std::to_string(kMostRules) + " recurring entries");
    return std::nullopt;
  }
  auto rule = parse_rule(property.value);
  if (rule.ok()) return *std::move(rule);
  report(property, rule.error().message);
  return std::nullopt;
}

std::vector<ICalTime> ICalReading::times(const ICalProperty& property) {
  std::vector<ICalTime> times;
  std::string_view rest = property.value;
  for (;;) {
    const auto end = rest.find(',');
    const std::string_view item = rest.substr(0, end);
    const auto time = parse_time(item.substr(0, item.find('/')));
    const bool known =
        time && time->wall_clock >= kFirstWallClock && time->wall_clock < kLastWallClock;
    if (!known || times.size() == kMostTimes) {
      report(property, known ? "more than " + std::to_string(kMostTimes) + " times"
                             : json::excerpt(std::string{item}) +
                                   " is not a time such as 20261205T200000Z, of the years 1970 to "
                                   "2099");
      return times;
    }
    times.push_back(*time);
    if (end == std::string_view::npos) return times;
    rest.remove_prefix(end + 1);
  }
}

ICalZones::ICalZones(const ICalComponent& calendar, const std::string& floating,
                     ICalReading& reading)
    : calendar_(calendar), floating_(floating), reading_(reading) {
  if (const auto* own = calendar.property("X-WR-TIMEZONE")) floating_ = own->value;
}

const model::UtcOffsets* ICalZones::of(const ICalProperty& property) {
  const std::string* tzid = property.parameter("TZID");
  const std::string& name = tzid != nullptr ? *tzid : floating_;
  auto known = known_.find(name);
  if (known == known_.end() && known_.size() == kMostZones) {
    reading_.report(property, "more than " + std::to_string(kMostZones) + " time zones");
    return nullptr;
  }
  if (known == known_.end()) known = known_.emplace(name, find(name, property)).first;
  return known->second ? &*known->second : nullptr;
}

std::optional<model::UtcOffsets> ICalZones::find(const std::string& name,
                                                 const ICalProperty& asked_by) {
  const auto system = offsets_for(name);
  if (system.ok()) return *system;
  for (const ICalComponent& part : calendar_.parts) {
    const auto* tzid = part.property("TZID");
    if (part.name == "VTIMEZONE" && tzid != nullptr && tzid->value == name) return described(part);
  }
  reading_.report(asked_by, system.error().message + "; and no VTIMEZONE describes it");
  return std::nullopt;
}

std::optional<model::UtcOffsets> ICalZones::described(const ICalComponent& zone) {
  std::vector<Change> changes;
  Change earliest{Instant::max(), Seconds{0}};  // and what held before it
  for (const ICalComponent& part : zone.parts) {
    const auto rule = observance(part);
    if (!rule) return std::nullopt;
    for (const WallClock onset : onsets(part, *rule)) {
      const Instant at{onset.time_since_epoch() - rule->before};
      changes.push_back({at, rule->after});
      if (at < earliest.from) earliest = {at, rule->before};
    }
    if (changes.size() > kMostChanges) {
      reading_.report(part.position, part.name,
                      "more than " + std::to_string(kMostChanges) + " changes of the clocks");
      return std::nullopt;
    }
  }
  if (changes.empty()) {
    reading_.report(zone.position, zone.name, "has neither STANDARD nor DAYLIGHT");
    return std::nullopt;
  }
  changes.push_back({earliest.from - std::chrono::days{1}, earliest.offset});
  std::ranges::stable_sort(changes, {}, &Change::from);
  const auto same = [](const Change& a, const Change& b) { return a.from == b.from; };
  changes.erase(std::unique(changes.begin(), changes.end(), same), changes.end());
  return model::UtcOffsets(std::move(changes));
}

std::optional<ICalZones::Observance> ICalZones::observance(const ICalComponent& part) {
  const auto value = [&](std::string_view name) {
    const auto* property = part.property(name);
    return property != nullptr ? std::string_view{property->value} : std::string_view{};
  };
  const auto begin = parse_time(value("DTSTART"));
  const auto before = parse_offset(value("TZOFFSETFROM"));
  const auto after = parse_offset(value("TZOFFSETTO"));
  if (begin && before && after) return Observance{begin->wall_clock, *before, *after};
  reading_.report(part.position, part.name,
                  "needs DTSTART, TZOFFSETFROM and TZOFFSETTO such as +0100");
  return std::nullopt;
}

std::vector<WallClock> ICalZones::onsets(const ICalComponent& part, const Observance& observance) {
  std::vector<WallClock> onsets{observance.begin};
  for (const ICalProperty& property : part.properties) {
    if (property.name == "RDATE") {
      for (const ICalTime& time : reading_.times(property)) onsets.push_back(time.wall_clock);
    }
    if (property.name != "RRULE") continue;
    const auto rule = reading_.rule(property);
    if (!rule) continue;
    WallClock last = kLastWallClock;
    if (const auto* until = std::get_if<Instant>(&rule->until))
      last = std::min(last, WallClock{(*until + observance.before).time_since_epoch()});
    const auto more = occurrences(*rule, observance.begin, last, kMostChanges);
    onsets.insert(onsets.end(), more.begin(), more.end());
  }
  return onsets;
}

}  // namespace edgetide::calendar
