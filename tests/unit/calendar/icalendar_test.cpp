#include <date/tz.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "calendar/files.h"

namespace edgetide::calendar {
namespace {

const Span kSeason{*parse_instant("2026-01-01T00:00:00Z"), *parse_instant("2027-01-01T00:00:00Z")};

std::string outcome(const std::string& text, const std::string& zone = "Etc/UTC") {
  const auto calendar = events_from_ical(text, "e.ics", kSeason, zone);
  if (!calendar.ok()) return calendar.error().text();
  std::string lines;
  for (const auto& event : calendar->events()) {
    lines += to_string(event.start) + " " + to_string(event.duration) + " " + event.name;
    if (!event.event_class.empty()) lines += " [" + event.event_class + "]";
    if (event.expected_peak) lines += " peak " + std::to_string(event.expected_peak->count());
    if (event.minimum_replicas) lines += " min " + std::to_string(event.minimum_replicas->count());
    lines += "\n";
  }
  return lines;
}

/// A calendar of one VEVENT, of the lines after BEGIN and UID, which is the third line.
std::string one(const std::string& lines) {
  return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n" + lines + "END:VEVENT\nEND:VCALENDAR\n";
}

struct Case {
  std::string lines;
  std::string expected;
};

class OneEvent : public testing::TestWithParam<Case> {};
TEST_P(OneEvent, IsRead) { EXPECT_EQ(outcome(one(GetParam().lines)), GetParam().expected); }

const std::string kNoTime = " is not a time such as 20261205T200000Z, of the years 1970 to 2099";

const Case kCases[] = {
    {"DTSTART:20261205T200000Z\nDTEND:20261205T215500Z\nSUMMARY:Final\\, leg 2\n"
     "CATEGORIES:Football,cup\nX-EDGETIDE-EXPECTED-PEAK-VIEWERS:250k\n"
     "X-EDGETIDE-MINIMUM-REPLICAS:40\n",
     "2026-12-05T20:00:00Z 1h55m Final, leg 2 [football] peak 250000.000000 min 40\n"},
    {"DTSTART;TZID=Europe/Paris:20260705T200000\nDURATION:PT1H30M\n",
     "2026-07-05T18:00:00Z 1h30m a\n"},
    {"DTSTART;TZID=\"America/New_York\":20260705T200000\nSUM\n MARY:Folded\n",
     "2026-07-06T00:00:00Z 0s Folded\n"},
    {"DTSTART;VALUE=DATE:20260705\nSUMMARY:Day\n", "2026-07-05T00:00:00Z 24h Day\n"},
    {"DTSTART:20260705T200000Z\nSTATUS:CANCELLED\n", ""},
    {"DTSTART:20250705T200000Z\n", ""},
    // The night that leaves 02:30 out, and the one that has it twice.
    {"DTSTART;TZID=Europe/Paris:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3\n",
     "2026-03-28T01:30:00Z 0s a@2026-03-28T01:30:00Z\n"
     "2026-03-29T01:30:00Z 0s a@2026-03-29T01:30:00Z\n"
     "2026-03-30T00:30:00Z 0s a@2026-03-30T00:30:00Z\n"},
    {"DTSTART;TZID=Europe/Paris:20261024T023000\nRRULE:FREQ=DAILY;COUNT=3\n",
     "2026-10-24T00:30:00Z 0s a@2026-10-24T00:30:00Z\n"
     "2026-10-25T00:30:00Z 0s a@2026-10-25T00:30:00Z\n"
     "2026-10-26T01:30:00Z 0s a@2026-10-26T01:30:00Z\n"},
    // 20:00 in Paris on the last day of UNTIL, which is in UTC.
    {"DTSTART;TZID=Europe/Paris:20260704T200000\nRRULE:FREQ=DAILY;UNTIL=20260705T180000Z\n",
     "2026-07-04T18:00:00Z 0s a@2026-07-04T18:00:00Z\n"
     "2026-07-05T18:00:00Z 0s a@2026-07-05T18:00:00Z\n"},
    {"DTSTART;TZID=Europe/Paris:20260704T200000\nRRULE:FREQ=DAILY;COUNT=4\n"
     "EXDATE;TZID=Europe/Paris:20260705T200000\nEXDATE;VALUE=DATE:20260706\n"
     "RDATE;VALUE=PERIOD:20260801T100000Z/PT3H\n",
     "2026-07-04T18:00:00Z 0s a@2026-07-04T18:00:00Z\n"
     "2026-07-07T18:00:00Z 0s a@2026-07-07T18:00:00Z\n"
     "2026-08-01T10:00:00Z 3h a@2026-08-01T10:00:00Z\n"},
    {"DTSTART:20261231T200000Z\nRRULE:FREQ=DAILY\n",
     "2026-12-31T20:00:00Z 0s a@2026-12-31T20:00:00Z\n"},
    {"SUMMARY:x\n", "e.ics:2:1: VEVENT: needs UID and DTSTART"},
    {"DTSTART:20260230T200000Z\n", "e.ics:4:1: DTSTART: \"20260230T200000Z\"" + kNoTime},
    {"DTSTART:16010101T000000Z\n", "e.ics:4:1: DTSTART: \"16010101T000000Z\"" + kNoTime},
    {"DTSTART;TZID=Europe/Pariss:20260705T200000\n",
     "e.ics:4:1: DTSTART: \"Europe/Pariss\" is not a time zone; did you mean \"Europe/Paris\"?; "
     "and no VTIMEZONE describes it"},
    {"DTSTART:20260705T200000Z\nDTEND:20260705T195900Z\n",
     "e.ics:5:1: DTEND: ends before it starts, or more than 31 days after"},
    {"DTSTART:20260705T200000Z\nDURATION:2h\n",
     "e.ics:5:1: DURATION: \"2h\" is not a duration such as PT2H"},
    {"DTSTART:20260705T200000Z\nRRULE:FREQ=HOURLY\n",
     "e.ics:5:1: RRULE: FREQ: \"HOURLY\" is not DAILY, WEEKLY, MONTHLY or YEARLY"},
    {"DTSTART:20260705T200000Z\nX-EDGETIDE-MINIMUM-REPLICAS:many\n",
     "e.ics:5:1: X-EDGETIDE-MINIMUM-REPLICAS: \"many\" is not a number from 0 to 10000"},
    {"DTSTART:20260705T200000Z\nX-EDGETIDE-EXPECTED-PEAK-VIEWERS:250K\n",
     "e.ics:5:1: X-EDGETIDE-EXPECTED-PEAK-VIEWERS: \"250K\" is not a quantity from 0 to "
     "10000000000, "
     "such as 250000 or 250k"},
    {"DTSTART:20260705T200000Z\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260705T200000Z\n",
     "e.ics:5:1: RECURRENCE-ID: RANGE is not supported; end the rule and write a second VEVENT"},
    {"no colon\n",
     "e.ics:2:1: VEVENT: needs UID and DTSTART\n"
     "e.ics:4:1: \"no colon\" is not NAME:value"},
};
INSTANTIATE_TEST_SUITE_P(Texts, OneEvent, testing::ValuesIn(kCases));

const std::string kWeekly =
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Show\nDTSTART:20260704T200000Z\n"
    "DURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n";

TEST(ICalendar, OneOccurrenceCanBeMovedAndAnotherCancelled) {
  EXPECT_EQ(
      outcome(kWeekly + "BEGIN:VEVENT\nUID:a\nSUMMARY:Late show\nRECURRENCE-ID:20260711T200000Z\n"
                        "DTSTART:20260711T213000Z\nDURATION:PT2H\nEND:VEVENT\n"
                        "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260718T200000Z\nSTATUS:CANCELLED\n"
                        "DTSTART:20260718T200000Z\nEND:VEVENT\nEND:VCALENDAR\n"),
      "2026-07-04T20:00:00Z 1h Show@2026-07-04T20:00:00Z\n"
      "2026-07-11T21:30:00Z 2h Late show@2026-07-11T21:30:00Z\n");
}

TEST(ICalendar, TheHigherSequenceStaysAndEqualOnesAreAProblem) {
  const std::string second = "BEGIN:VEVENT\nUID:a\nDTSTART:20260901T200000Z\n";
  EXPECT_EQ(outcome(kWeekly + second + "SEQUENCE:2\nEND:VEVENT\nEND:VCALENDAR\n"),
            "2026-09-01T20:00:00Z 0s a\n");
  EXPECT_EQ(outcome(kWeekly + second + "END:VEVENT\nEND:VCALENDAR\n"),
            "e.ics:9:1: VEVENT: UID \"a\" stands already in line 2");
}

TEST(ICalendar, AVTimezoneDescribesWhatTheSystemDoesNotKnow) {
  const std::string zone =
      "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\n"
      "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
      "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
      "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
      "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
  EXPECT_EQ(outcome(zone + "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=W. Europe Standard Time:"
                           "20260328T023000\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR"),
            "2026-03-28T01:30:00Z 0s a@2026-03-28T01:30:00Z\n"
            "2026-03-29T01:30:00Z 0s a@2026-03-29T01:30:00Z\n"
            "2026-03-30T00:30:00Z 0s a@2026-03-30T00:30:00Z\n");
}

TEST(ICalendar, TimesWithoutAZoneAreThoseOfTheCalendar) {
  const std::string lines = "DTSTART:20260705T200000\n";
  EXPECT_EQ(outcome(one(lines), "Asia/Tokyo"), "2026-07-05T11:00:00Z 0s a\n");
  std::string named = one(lines);
  named.insert(named.find("BEGIN:VEVENT"), "X-WR-TIMEZONE:Europe/Rome\n");
  EXPECT_EQ(outcome(named, "Asia/Tokyo"), "2026-07-05T18:00:00Z 0s a\n");
}

TEST(ICalendar, WhatIsNoCalendarIsRefused) {
  EXPECT_EQ(outcome(""), "e.ics:1:1: holds no BEGIN:VCALENDAR");
  EXPECT_EQ(outcome("BEGIN:VCALENDAR\n"), "e.ics:1:1: BEGIN:VCALENDAR without its END");
  EXPECT_EQ(outcome("BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\n"),
            "e.ics:2:1: END:VEVENT where VCALENDAR is open");
  EXPECT_EQ(outcome("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "");
}

TEST(ICalendar, AnEventWithoutItsEndHidesNothingElse) {
  EXPECT_EQ(outcome("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260101T000000Z\n"
                    "BEGIN:VEVENT\nUID:b\nDTSTART:20260102T000000Z\nEND:VEVENT\n"
                    "BEGIN:VEVENT\nUID:c\nDTSTART:20260103T000000Z\nRRULE:FREQ=NEVER\n"
                    "END:VEVENT\nBEGIN:VEVENT\nUID:d\nDTSTART:20260104T000000Z\nEND:VCALENDAR\n"),
            "e.ics:2:1: BEGIN:VEVENT without its END\n"
            "e.ics:12:1: RRULE: FREQ: \"NEVER\" is not DAILY, WEEKLY, MONTHLY or YEARLY\n"
            "e.ics:14:1: BEGIN:VEVENT without its END");
}

TEST(ICalendar, IsBoundedInTimeAndSize) {
  std::string many = "BEGIN:VCALENDAR\n";
  for (int i = 0; i < 1001; ++i) {
    many += "BEGIN:VEVENT\nUID:" + std::to_string(i) +
            "\nDTSTART:20260101T000000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
  }
  EXPECT_EQ(outcome(many + "END:VCALENDAR\n"),
            "e.ics:5005:1: RRULE: more than 1000 recurring entries");
  many.resize(many.rfind("BEGIN:VEVENT"));
  EXPECT_TRUE(outcome(many + "END:VCALENDAR\n").ends_with("more than 100000 events in all"));
  std::string zones = "BEGIN:VCALENDAR\n";
  for (int i = 0; i < 101; ++i) {
    const std::string& zone = date::get_tzdb().zones.at(static_cast<std::size_t>(i)).name();
    zones +=
        "BEGIN:VEVENT\nUID:" + zone + "\nDTSTART;TZID=" + zone + ":20260101T000000\nEND:VEVENT\n";
  }
  EXPECT_EQ(outcome(zones + "END:VCALENDAR\n"), "e.ics:404:1: DTSTART: more than 100 time zones");
  const auto large = events_from_ical(std::string((4u << 20) + 1, '\n'), "e.ics", kSeason);
  EXPECT_EQ(large.error().code, ErrorCode::kTooLarge);
}

TEST(ICalendarProperty, MutatedTextNeverCrashes) {
  const std::string text =
      kWeekly +
      "BEGIN:VEVENT\nUID:b\nDTSTART;TZID=Europe/Paris:20260704T200000\nEXDATE:20260704T180000Z\n"
      "RDATE;VALUE=PERIOD:20260801T100000Z/PT3H\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n"
      "END:VEVENT\nEND:VCALENDAR\n";
  std::mt19937 random{4};
  for (int round = 0; round < 3'000; ++round) {
    std::string mutated = text;
    for (int i = 0; i < 3; ++i) mutated[random() % mutated.size()] = ";:=,-\n0259TZ"[random() % 12];
    static_cast<void>(events_from_ical(mutated, "f", kSeason));
  }
}

}  // namespace
}  // namespace edgetide::calendar
