#include "calendar/recurrence.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace edgetide::calendar {
namespace {

using std::chrono::local_days;
using std::chrono::year;

/// Their dates, "2026-12-05", in one line.
std::string dates(const std::vector<WallClock>& times) {
  std::string text;
  for (const WallClock at : times) {
    text += (text.empty() ? "" : " ") + to_string(Instant{at.time_since_epoch()}).substr(0, 10);
  }
  return text;
}

struct Case {
  std::string rule;
  std::string expected;
};

/// From Saturday 2026-01-31 at 20:00 to the end of 2028.
class Rule : public testing::TestWithParam<Case> {};
TEST_P(Rule, NamesTheseDays) {
  const auto rule = parse_rule(GetParam().rule);
  ASSERT_TRUE(rule.ok()) << rule.error().text();
  const WallClock first = local_days{year{2026} / 1 / 31} + std::chrono::hours{20};
  const WallClock last = local_days{year{2029} / 1 / 1};
  EXPECT_EQ(dates(occurrences(*rule, first, last, 1000)), GetParam().expected);
}

const Case kRules[] = {
    {"FREQ=DAILY;COUNT=3", "2026-01-31 2026-02-01 2026-02-02"},
    {"freq=daily;interval=10;count=2", "2026-01-31 2026-02-10"},
    {"FREQ=DAILY;UNTIL=20260202", "2026-01-31 2026-02-01 2026-02-02"},
    {"FREQ=DAILY;UNTIL=20260202T195959", "2026-01-31 2026-02-01"},
    {"FREQ=WEEKLY;COUNT=2", "2026-01-31 2026-02-07"},
    {"FREQ=WEEKLY;BYDAY=SA,SU;COUNT=4", "2026-01-31 2026-02-01 2026-02-07 2026-02-08"},
    // The week that the start stands in: Monday 26 January to Sunday 1 February, or another.
    {"FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU;COUNT=3", "2026-01-31 2026-02-01 2026-02-14"},
    {"FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU;WKST=SU;COUNT=3", "2026-01-31 2026-02-08 2026-02-14"},
    // Months without a 31st have none.
    {"FREQ=MONTHLY;COUNT=3", "2026-01-31 2026-03-31 2026-05-31"},
    {"FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-01-31 2026-02-28 2026-03-31"},
    {"FREQ=MONTHLY;BYDAY=-1SU;COUNT=3", "2026-01-31 2026-02-22 2026-03-29"},
    {"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", "2026-01-31 2026-02-13 2026-03-13"},
    {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "2026-01-31 2026-02-27 2026-03-31"},
    {"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29", "2026-01-31 2028-02-29"},
    {"FREQ=YEARLY", "2026-01-31 2027-01-31 2028-01-31"},
    {"FREQ=YEARLY;BYMONTH=3,5;COUNT=4", "2026-01-31 2026-03-31 2026-05-31 2027-03-31"},
    {"FREQ=YEARLY;BYDAY=1MO;COUNT=3", "2026-01-31 2027-01-04 2028-01-03"},
    {"FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=3", "2026-01-31 2026-03-29 2027-03-28"},
    {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-31"},
    {"FREQ=YEARLY;INTERVAL=1000", "2026-01-31"},
};
INSTANTIATE_TEST_SUITE_P(Rules, Rule, testing::ValuesIn(kRules));

class WrongRule : public testing::TestWithParam<Case> {};
TEST_P(WrongRule, IsRefusedWithItsPart) {
  const auto rule = parse_rule(GetParam().rule);
  ASSERT_FALSE(rule.ok());
  EXPECT_EQ(rule.error().message, GetParam().expected);
}

const Case kWrong[] = {
    {"", "RRULE: \"\" is not NAME=VALUE"},
    {"COUNT=3", "FREQ is missing"},
    {"FREQ=HOURLY", "FREQ: \"HOURLY\" is not DAILY, WEEKLY, MONTHLY or YEARLY"},
    {"FREQ=DAILY;FREQ=DAILY", "FREQ stands twice"},
    {"FREQ=DAILY;INTERVAL=0", "INTERVAL: \"0\" is not a whole number from 1 to 1000"},
    {"FREQ=DAILY;COUNT=3;UNTIL=20260101", "COUNT and UNTIL exclude each other"},
    {"FREQ=DAILY;UNTIL=soon", "UNTIL: \"SOON\" is not a date or time such as 20261231T235959Z"},
    {"FREQ=YEARLY;BYWEEKNO=20",
     "RRULE: \"BYWEEKNO\" is not known here: FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, "
     "BYDAY, BYSETPOS, WKST"},
    {"FREQ=MONTHLY;BYMONTHDAY=0",
     "BYMONTHDAY: \"0\" is not a whole number from -31 to 31 and not zero"},
    {"FREQ=WEEKLY;BYDAY=2SA", "BYDAY: a numbered weekday such as 2SA needs FREQ=MONTHLY or YEARLY"},
    {"FREQ=WEEKLY;BYDAY=", "BYDAY: \"\" is not a weekday such as SA, 2SA or -1SA"},
    {"FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY has no meaning with FREQ=WEEKLY"},
    {"FREQ=DAILY;BYSETPOS=1", "BYSETPOS needs another BY part"},
};
INSTANTIATE_TEST_SUITE_P(Rules, WrongRule, testing::ValuesIn(kWrong));

TEST(Occurrences, EndWithTheirNumber) {
  const auto rule = parse_rule("FREQ=DAILY");
  EXPECT_EQ(occurrences(*rule, WallClock{}, WallClock{std::chrono::days{100'000}}, 5).size(), 5U);
  EXPECT_TRUE(occurrences(*rule, WallClock{Seconds{1}}, WallClock{}, 5).empty());
}

}  // namespace
}  // namespace edgetide::calendar
