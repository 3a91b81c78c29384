#include "edgetide/core/time.h"

namespace edgetide {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

/// Reads exactly `digits` decimal digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

/// Writes two decimal digits into `text`, from `place` on. \pre below a hundred
void put_two(std::string& text, std::size_t place, unsigned number) {
  text[place] = static_cast<char>('0' + number / 10);
  text[place + 1] = static_cast<char>('0' + number % 10);
}

/// Writes the time of day as "20:45:00" into `text`, from `place` on.
void put_clock(std::string& text, std::size_t place, Instant at) {
  const std::chrono::hh_mm_ss time{at - std::chrono::floor<days>(at)};
  put_two(text, place, static_cast<unsigned>(time.hours().count()));
  put_two(text, place + 3, static_cast<unsigned>(time.minutes().count()));
  put_two(text, place + 6, static_cast<unsigned>(time.seconds().count()));
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Instant> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || *year < 1970 || *year > 2199) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Instant{std::chrono::sys_days{date}};
}

std::optional<Seconds> take_time_of_day(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || !take(text, ":")) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  if (take(text, ".")) {
    if (!take(text, "0123456789")) return std::nullopt;
    while (take(text, "0123456789")) {
    }
  }
  return hours{*hour} + minutes{*minute} + Seconds{*second};
}

std::optional<Seconds> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return Seconds{0};
  const bool west = !text.empty() && text.front() == '-';
  if (!take(text, "+-")) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  const Seconds offset = hours{*hour} + minutes{*minute};
  return west ? -offset : offset;
}

}  // namespace

std::string clock_text(Instant at) {
  std::string text = "00:00:00";
  put_clock(text, 0, at);
  return text;
}

std::string to_string(Instant at) {
  const std::chrono::year_month_day date{std::chrono::floor<days>(at)};
  std::string text = std::to_string(static_cast<int>(date.year()));
  text.insert(0, text.size() < 4 ? 4 - text.size() : 0, '0');
  const std::size_t year = text.size();
  text += "-00-00T00:00:00Z";
  put_two(text, year + 1, static_cast<unsigned>(date.month()));
  put_two(text, year + 4, static_cast<unsigned>(date.day()));
  put_clock(text, year + 7, at);
  return text;
}

std::string to_string(Seconds duration) {
  if (duration == Seconds{0}) return "0s";
  std::string text = duration < Seconds{0} ? "-" : "";
  auto rest = duration < Seconds{0} ? -duration : duration;
  const auto append = [&](auto unit, const char* suffix) {
    const auto count = rest / unit;
    if (count == 0) return;
    text += std::to_string(count) + suffix;
    rest -= count * unit;
  };
  append(Seconds{hours{1}}, "h");
  append(Seconds{minutes{1}}, "m");
  append(Seconds{1}, "s");
  return text;
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !take(text, "Tt ")) return std::nullopt;
  const auto time = take_time_of_day(text);
  if (!time) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return *date + *time - *offset;
}

}  // namespace edgetide
