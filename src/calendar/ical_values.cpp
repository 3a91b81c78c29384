#include "calendar/ical_values.h"

#include <algorithm>
#include <chrono>

namespace edgetide::calendar {
namespace {

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// So many digits, all of them. \pre count is at most 9
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count || !std::ranges::all_of(text.substr(0, count), is_digit))
    return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, count)) number = number * 10 + (c - '0');
  text.remove_prefix(count);
  return number;
}

std::optional<Seconds> take_time_of_day(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  const auto minute = hour ? take_digits(text, 2) : std::nullopt;
  const auto second = minute ? take_digits(text, 2) : std::nullopt;
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + Seconds{std::min(*second, 59)};
}

/// "115M" and the like: a number before this letter; zero when the letter does not come next.
Seconds take_part(std::string_view& text, char letter, Seconds unit, bool& any) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 8 || digits == text.size() || text[digits] != letter)
    return Seconds{0};
  const auto number = take_digits(text, digits);
  text.remove_prefix(1);
  any = true;
  return *number * unit;
}

}  // namespace

std::optional<ICalTime> parse_time(std::string_view text) {
  const auto year = take_digits(text, 4);
  const auto month = year ? take_digits(text, 2) : std::nullopt;
  const auto day = month ? take_digits(text, 2) : std::nullopt;
  if (!day || *year < 1600) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  ICalTime time{.wall_clock = std::chrono::local_days{date}, .is_date = text.empty()};
  if (time.is_date) return time;
  if (!take(text, 'T')) return std::nullopt;
  const auto time_of_day = take_time_of_day(text);
  if (!time_of_day) return std::nullopt;
  time.wall_clock += *time_of_day;
  time.utc = take(text, 'Z');
  return text.empty() ? std::optional(time) : std::nullopt;
}

std::optional<Seconds> parse_duration(std::string_view text) {
  using std::chrono::days, std::chrono::hours, std::chrono::minutes;
  take(text, '+');
  if (!take(text, 'P')) return std::nullopt;
  bool any = false;
  Seconds sum = take_part(text, 'W', days{7}, any);
  if (!any) sum += take_part(text, 'D', days{1}, any);
  if (take(text, 'T')) {
    any = false;
    sum += take_part(text, 'H', hours{1}, any);
    sum += take_part(text, 'M', minutes{1}, any);
    sum += take_part(text, 'S', Seconds{1}, any);
  }
  return any && text.empty() && sum <= days{3660} ? std::optional(sum) : std::nullopt;
}

std::optional<Seconds> parse_offset(std::string_view text) {
  const bool behind = take(text, '-');
  if (!behind && !take(text, '+')) return std::nullopt;
  std::string digits{text};
  if (digits.size() == 4) digits += "00";
  std::string_view rest = digits;
  const auto offset = take_time_of_day(rest);
  if (!offset || !rest.empty()) return std::nullopt;
  return behind ? -*offset : *offset;
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    const char c = escape ? text[++i] : text[i];
    plain += escape && (c == 'n' || c == 'N') ? ' ' : c;
  }
  return plain;
}

std::string upper_case(std::string_view text) {
  std::string upper{text};
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return upper;
}

}  // namespace edgetide::calendar
