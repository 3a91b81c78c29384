#include "calendar/recurrence.h"

#include <algorithm>

namespace edgetide::calendar {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::weekday;
using std::chrono::year_month_day;
using Frequency = RecurrenceRule::Frequency;

int days_in(std::chrono::year year, std::chrono::month month) {
  return static_cast<int>(static_cast<unsigned>((year / month / std::chrono::last).day()));
}

bool holds(const std::vector<int>& numbers, int wanted) {
  return std::ranges::find(numbers, wanted) != numbers.end();
}

/// Whether a day's place in its month or year is the nth of such weekdays. \pre place from 0
bool is_nth(int nth, int place, int length) {
  if (nth == 0) return true;
  return nth > 0 ? place / 7 + 1 == nth : (length - 1 - place) / 7 + 1 == -nth;
}

/// A rule with what the first time lends to it: "every month" means every month on that day.
class Days {
 public:
  Days(const RecurrenceRule& rule, local_days first) : rule_(rule), first_(first) {
    if (!rule.month_days.empty() || !rule.week_days.empty()) return;
    const year_month_day date{first};
    if (rule.frequency == Frequency::kWeekly) rule_.week_days = {{weekday{first}, 0}};
    if (rule.frequency < Frequency::kMonthly) return;
    rule_.month_days = {static_cast<int>(static_cast<unsigned>(date.day()))};
    if (rule.frequency == Frequency::kYearly && rule.months.empty())
      rule_.months = {static_cast<int>(static_cast<unsigned>(date.month()))};
  }

  /// The first day of the period that is this many intervals after the first one.
  [[nodiscard]] local_days start(int period) const {
    const int steps = period * rule_.interval;
    const year_month_day date{first_};
    switch (rule_.frequency) {
      case Frequency::kDaily: return first_ + days{steps};
      case Frequency::kWeekly:
        return first_ - (weekday{first_} - rule_.week_start) + days{7 * steps};
      case Frequency::kMonthly:
        return local_days{(date.year() / date.month() + std::chrono::months{steps}) / 1};
      case Frequency::kYearly: break;
    }
    return local_days{(date.year() + std::chrono::years{steps}) / 1 / 1};
  }

  /// Those of the period that begins here.
  [[nodiscard]] std::vector<local_days> in_period(local_days start) const {
    std::vector<local_days> found;
    const local_days end = end_of(start);
    for (local_days day = start; day < end;) {
      const year_month_day date{day};
      if (in_month(date)) {
        if (wanted(day, date)) found.push_back(day);
        day += days{1};
      } else {
        day = local_days{(date.year() / date.month() + std::chrono::months{1}) / 1};
      }
    }
    if (rule_.positions.empty()) return found;
    std::vector<local_days> kept;
    const int size = static_cast<int>(found.size());
    for (int i = 0; i < size; ++i) {
      if (holds(rule_.positions, i + 1) || holds(rule_.positions, i - size))
        kept.push_back(found[static_cast<std::size_t>(i)]);
    }
    return kept;
  }

 private:
  [[nodiscard]] local_days end_of(local_days start) const {
    const year_month_day date{start};
    switch (rule_.frequency) {
      case Frequency::kDaily: return start + days{1};
      case Frequency::kWeekly: return start + days{7};
      case Frequency::kMonthly: return local_days{date + std::chrono::months{1}};
      case Frequency::kYearly: break;
    }
    return local_days{date + std::chrono::years{1}};
  }

  [[nodiscard]] bool in_month(const year_month_day& date) const {
    return rule_.months.empty() ||
           holds(rule_.months, static_cast<int>(static_cast<unsigned>(date.month())));
  }

  /// \pre in one of its months
  [[nodiscard]] bool wanted(local_days day, const year_month_day& date) const {
    const int day_of_month = static_cast<int>(static_cast<unsigned>(date.day()));
    const int length = days_in(date.year(), date.month());
    if (!rule_.month_days.empty() && !holds(rule_.month_days, day_of_month) &&
        !holds(rule_.month_days, day_of_month - length - 1)) {
      return false;
    }
    if (rule_.week_days.empty()) return true;
    const local_days new_year{date.year() / 1 / 1};
    const bool of_year = rule_.frequency == Frequency::kYearly && rule_.months.empty();
    const int place = of_year ? static_cast<int>((day - new_year).count()) : day_of_month - 1;
    const int whole = of_year ? (date.year().is_leap() ? 366 : 365) : length;
    return std::ranges::any_of(rule_.week_days, [&](const RecurrenceRule::ByDay& by) {
      return by.day == weekday{day} && is_nth(by.nth, place, whole);
    });
  }

  RecurrenceRule rule_;
  local_days first_;
};

}  // namespace

std::vector<WallClock> occurrences(const RecurrenceRule& rule, WallClock first, WallClock last,
                                   std::size_t most) {
  if (const auto* until = std::get_if<WallClock>(&rule.until)) last = std::min(last, *until);
  if (rule.count) most = std::min(most, *rule.count);
  const local_days first_day = std::chrono::floor<days>(first);
  const Seconds time_of_day = first - first_day;
  const Days all(rule, first_day);
  std::vector<WallClock> found;
  if (first <= last && most > 0) found.push_back(first);
  for (int period = 0; found.size() < most; ++period) {
    const local_days start = all.start(period);
    if (start > last) break;
    for (const local_days day : all.in_period(start)) {
      const WallClock at = day + time_of_day;
      if (at > last || found.size() == most) break;
      if (at > first) found.push_back(at);
    }
  }
  return found;
}

}  // namespace edgetide::calendar
