#include "calendar/zones.h"

#include <date/tz.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "edgetide/core/lower_case.h"
#include "edgetide/core/nearest.h"

namespace edgetide::calendar {
namespace {

using LocalSeconds = std::chrono::local_seconds;

/// The name most like `wanted`; empty when none is near.
std::string nearest_zone(std::string_view wanted) {
  const std::string lowered = lower_case(wanted);
  std::string nearest;
  std::size_t best = std::max<std::size_t>(wanted.size() / 3, 1) + 1;
  for (const date::time_zone& zone : date::get_tzdb().zones) {
    const auto distance = edit_distance(lowered, lower_case(zone.name()));
    if (distance >= best) continue;
    best = distance;
    nearest = zone.name();
  }
  return nearest;
}

Error unknown_zone(const std::string& name) {
  constexpr std::size_t kLongestName = 64;
  std::string message = "\"" + name.substr(0, kLongestName) + "\" is not a time zone";
  const std::string nearest = name.size() <= kLongestName ? nearest_zone(name) : "";
  return {ErrorCode::kInvalid, message + (nearest.empty() ? "; names are as in \"Europe/London\""
                                                          : "; did you mean \"" + nearest + "\"?")};
}

/// Only names from the database's own list: others would be opened as files.
Result<const date::time_zone*> zone_named(const std::string& name) {
  try {
    const auto& zones = date::get_tzdb().zones;
    const auto found = std::ranges::find(zones, name, &date::time_zone::name);
    if (found == zones.end()) return unknown_zone(name);
    static_cast<void>(found->get_info(date::sys_seconds{}));  // Reads the zone's file.
    return &*found;
  } catch (const std::exception& failure) {
    return Error{ErrorCode::kUnavailable,
                 std::string{"the time zone database cannot be read: "} + failure.what()};
  }
}

bool take_digits(std::string_view& text, std::size_t count, int& number) {
  if (text.size() < count) return false;
  number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// "2026-12-05T20:00[:00]"
std::optional<LocalSeconds> parse_wall_clock(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool read = take_digits(text, 4, year) && take(text, "-") && take_digits(text, 2, month) &&
                    take(text, "-") && take_digits(text, 2, day) && take(text, "T ") &&
                    take_digits(text, 2, hour) && take(text, ":") && take_digits(text, 2, minute);
  if (!read || (take(text, ":") && !take_digits(text, 2, second)) || !text.empty()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || year < 1970 || year > 2099 || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  return std::chrono::local_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         Seconds{second};
}

/// Where the database's years end, and how far the calendar repeats with its weekdays.
constexpr std::chrono::days kKnownDays =
    std::chrono::sys_days{std::chrono::year{2037} / 1 / 1}.time_since_epoch();
constexpr std::chrono::days kCycle{28 * 365 + 7};

/// How far a moment is to be moved back to fall into the known years.
Seconds beyond_known(Seconds since_epoch) {
  Seconds shift{0};
  while (since_epoch - shift >= kKnownDays) shift += kCycle;
  return shift;
}

}  // namespace

Result<model::UtcOffsets> offsets_for(const std::string& zone, Instant from, Instant to) {
  EDGETIDE_ASSERT(from <= to, "a range goes forward");
  const auto found = zone_named(zone);
  if (!found) return found.error();
  std::vector<model::UtcOffsets::Change> changes;
  for (Instant at = from; at <= to;) {
    const Seconds shift = beyond_known(at.time_since_epoch());
    const date::sys_info info = (*found)->get_info(at - shift);
    if (changes.empty() || changes.back().offset != info.offset) {
      changes.push_back({at, info.offset});
    }
    at = std::min(Instant{info.end}, Instant{kKnownDays}) + shift;
  }
  return model::UtcOffsets{std::move(changes)};
}

Result<model::UtcOffsets> offsets_for(const std::string& zone) {
  constexpr Instant kFirst{};
  constexpr Instant kLast{std::chrono::sys_days{std::chrono::year{2099} / 12 / 31}};
  return offsets_for(zone, kFirst, kLast);
}

Instant moment_at(std::chrono::local_seconds wall_clock, const model::UtcOffsets& offsets) {
  const Instant about{wall_clock.time_since_epoch()};
  const Seconds before = offsets.offset_at(about - std::chrono::days{1});
  const Seconds after = offsets.offset_at(about + std::chrono::days{1});
  const bool changed = offsets.offset_at(about - before) != before;
  return changed && offsets.offset_at(about - after) == after ? about - after : about - before;
}

Result<Instant> to_instant(std::string_view wall_clock, const std::string& zone) {
  const auto found = zone_named(zone);
  if (!found) return found.error();
  if (const auto instant = parse_instant(wall_clock)) return *instant;
  const auto local = parse_wall_clock(wall_clock);
  if (!local) {
    return Error{ErrorCode::kInvalid,
                 "\"" + std::string{wall_clock.substr(0, 40)} +
                     "\" is not a time such as 2026-12-05T20:00:00, of the years 1970 to 2099"};
  }
  const Instant about{local->time_since_epoch()};
  const auto offsets =
      offsets_for(zone, about - std::chrono::days{2}, about + std::chrono::days{2});
  if (!offsets) return offsets.error();
  return moment_at(*local, *offsets);
}

}  // namespace edgetide::calendar
