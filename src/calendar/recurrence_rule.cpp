#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>

#include "calendar/ical_values.h"
#include "calendar/recurrence.h"
#include "json/json.h"

namespace edgetide::calendar {
namespace {

using Frequency = RecurrenceRule::Frequency;
constexpr int kLongestInterval = 1000;
constexpr std::size_t kLongestList = 400;

Error wrong(const std::string& part, std::string_view value, const std::string& wanted) {
  return {ErrorCode::kInvalid,
          part + ": " + json::excerpt(std::string{value}) + " is not " + wanted};
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> number_in(std::string_view text, int min, int max) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && stopped == text.data() + text.size();
  return whole && value >= min && value <= max ? std::optional(value) : std::nullopt;
}

std::optional<std::chrono::weekday> weekday_of(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kNames{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  const auto found = std::ranges::find(kNames, text);
  if (found == kNames.end()) return std::nullopt;
  return std::chrono::weekday{static_cast<unsigned>(found - kNames.begin())};
}

std::optional<Frequency> frequency_of(std::string_view text) {
  if (text == "DAILY") return Frequency::kDaily;
  if (text == "WEEKLY") return Frequency::kWeekly;
  if (text == "MONTHLY") return Frequency::kMonthly;
  if (text == "YEARLY") return Frequency::kYearly;
  return std::nullopt;
}

/// Fills a rule part by part, and remembers the first thing that is wrong.
class RuleReader {
 public:
  Result<RecurrenceRule> read(std::string_view text) {
    for (const std::string_view part : split(text, ';')) {
      const auto equals = part.find('=');
      if (equals == std::string_view::npos) return wrong("RRULE", part, "NAME=VALUE");
      take(std::string{part.substr(0, equals)}, part.substr(equals + 1));
      if (error_) return *error_;
    }
    if (const auto problem = contradiction()) return Error{ErrorCode::kInvalid, *problem};
    return rule_;
  }

 private:
  void take(const std::string& name, std::string_view value) {
    if (!seen_.insert(name).second) {
      error_ = Error{ErrorCode::kInvalid, name + " stands twice"};
    } else if (name == "FREQ") {
      const auto frequency = frequency_of(value);
      if (!frequency) return refuse(name, value, "DAILY, WEEKLY, MONTHLY or YEARLY");
      rule_.frequency = *frequency;
    } else if (name == "INTERVAL") {
      rule_.interval = single(name, value, 1, kLongestInterval).value_or(1);
    } else if (name == "COUNT") {
      rule_.count = static_cast<std::size_t>(single(name, value, 1, 1'000'000).value_or(1));
    } else if (name == "UNTIL") {
      take_until(value);
    } else if (name == "BYMONTH") {
      rule_.months = list(name, value, 1, 12);
    } else if (name == "BYMONTHDAY") {
      rule_.month_days = list(name, value, -31, 31);
    } else if (name == "BYSETPOS") {
      rule_.positions = list(name, value, -366, 366);
    } else if (name == "BYDAY") {
      take_week_days(value);
    } else if (name == "WKST") {
      const auto day = weekday_of(value);
      if (!day) return refuse(name, value, "MO, TU, WE, TH, FR, SA or SU");
      rule_.week_start = *day;
    } else {
      refuse(
          "RRULE", name,
          "known here: FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS, WKST");
    }
  }

  void refuse(const std::string& name, std::string_view value, const std::string& wanted) {
    error_ = wrong(name, value, wanted);
  }

  std::optional<int> single(const std::string& name, std::string_view value, int min, int max) {
    const auto number = number_in(value, min, max);
    if (!number)
      refuse(name, value,
             "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return number;
  }

  /// Zero is in no list.
  std::vector<int> list(const std::string& name, std::string_view value, int min, int max) {
    std::vector<int> numbers;
    for (const std::string_view item : split(value, ',')) {
      const auto number = number_in(item, min, max);
      if (!number || *number == 0 || numbers.size() == kLongestList) {
        refuse(name, item,
               "a whole number from " + std::to_string(min) + " to " + std::to_string(max) +
                   (min < 0 ? " and not zero" : ""));
        return {};
      }
      numbers.push_back(*number);
    }
    return numbers;
  }

  void take_until(std::string_view value) {
    const auto time = parse_time(value);
    if (!time) return refuse("UNTIL", value, "a date or time such as 20261231T235959Z");
    const auto last = time->is_date ? time->wall_clock + Seconds{86'399} : time->wall_clock;
    if (time->utc) {
      rule_.until = Instant{last.time_since_epoch()};
    } else {
      rule_.until = last;
    }
  }

  void take_week_days(std::string_view value) {
    for (const std::string_view item : split(value, ',')) {
      const std::size_t digits = item.size() < 2 ? 0 : item.size() - 2;
      const auto day = weekday_of(item.substr(digits));
      const auto nth = digits == 0 ? 0 : number_in(item.substr(0, digits), -53, 53);
      if (!day || !nth || (digits != 0 && *nth == 0) || rule_.week_days.size() == kLongestList)
        return refuse("BYDAY", item, "a weekday such as SA, 2SA or -1SA");
      rule_.week_days.push_back({*day, *nth});
    }
  }

  [[nodiscard]] std::optional<std::string> contradiction() const {
    if (!seen_.contains("FREQ")) return "FREQ is missing";
    if (rule_.count && seen_.contains("UNTIL")) return "COUNT and UNTIL exclude each other";
    if (rule_.frequency == Frequency::kWeekly && !rule_.month_days.empty())
      return "BYMONTHDAY has no meaning with FREQ=WEEKLY";
    const bool numbered = std::ranges::any_of(
        rule_.week_days, [](const RecurrenceRule::ByDay& by) { return by.nth != 0; });
    if (numbered && rule_.frequency < Frequency::kMonthly)
      return "BYDAY: a numbered weekday such as 2SA needs FREQ=MONTHLY or YEARLY";
    if (!rule_.positions.empty() && rule_.months.empty() && rule_.month_days.empty() &&
        rule_.week_days.empty()) {
      return "BYSETPOS needs another BY part";
    }
    return std::nullopt;
  }

  RecurrenceRule rule_;
  std::set<std::string> seen_;
  std::optional<Error> error_;
};

}  // namespace

Result<RecurrenceRule> parse_rule(std::string_view text) {
  return RuleReader{}.read(upper_case(text));
}

}  // namespace edgetide::calendar
