#include "calendar/zones.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace edgetide::calendar {
namespace {

struct Clock {
  std::string zone;
  std::string shows;
  std::string utc;
};

class WallClock : public testing::TestWithParam<Clock> {};

TEST_P(WallClock, IsThisInstant) {
  const auto at = to_instant(GetParam().shows, GetParam().zone);
  ASSERT_TRUE(at.ok()) << at.error().text();
  EXPECT_EQ(to_string(*at), GetParam().utc);
}

const Clock kClocks[] = {
    {"Europe/London", "2026-12-05T20:00:00", "2026-12-05T20:00:00Z"},
    {"Europe/London", "2026-07-05T20:00", "2026-07-05T19:00:00Z"},
    {"Europe/London", "2026-07-05 20:00:30", "2026-07-05T19:00:30Z"},
    // An instant stays what it is.
    {"Europe/London", "2026-07-05T20:00:00Z", "2026-07-05T20:00:00Z"},
    {"Europe/London", "2026-07-05T20:00:00+02:00", "2026-07-05T18:00:00Z"},
    // London jumps from 01:00 to 02:00 on 29 March 2026: 01:30 is meant as 02:30 BST.
    {"Europe/London", "2026-03-29T00:59:59", "2026-03-29T00:59:59Z"},
    {"Europe/London", "2026-03-29T01:30:00", "2026-03-29T01:30:00Z"},
    {"Europe/London", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z"},
    // And back from 02:00 to 01:00 on 25 October: the first 01:30, in BST.
    {"Europe/London", "2026-10-25T01:30:00", "2026-10-25T00:30:00Z"},
    {"Europe/London", "2026-10-25T02:00:00", "2026-10-25T02:00:00Z"},
    // New York: 02:00 to 03:00 on 8 March 2026, back from 02:00 to 01:00 on 1 November.
    {"America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00Z"},
    {"America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00Z"},
    {"America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"},
    {"America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z"},
    // Lord Howe moves by half an hour: 02:00 to 02:30 on 4 October 2026, back on 5 April.
    {"Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z"},
    {"Australia/Lord_Howe", "2026-10-04T02:30:00", "2026-10-03T15:30:00Z"},
    {"Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z"},
    {"Australia/Lord_Howe", "2026-04-05T02:00:00", "2026-04-04T15:30:00Z"},
    // A zone that gave summer time up.
    {"America/Sao_Paulo", "2018-12-01T12:00:00", "2018-12-01T14:00:00Z"},
    {"America/Sao_Paulo", "2026-12-01T12:00:00", "2026-12-01T15:00:00Z"},
    {"Etc/UTC", "1970-01-01T00:00:00", "1970-01-01T00:00:00Z"},
    {"UTC", "2099-12-31T23:59:59", "2099-12-31T23:59:59Z"},
    // Beyond the database: the last Sundays of March and October 2050 are the 27th and the 30th.
    {"Europe/London", "2050-03-26T12:00:00", "2050-03-26T12:00:00Z"},
    {"Europe/London", "2050-03-27T12:00:00", "2050-03-27T11:00:00Z"},
    {"Europe/London", "2050-10-30T12:00:00", "2050-10-30T12:00:00Z"},
    {"Europe/London", "2036-07-01T12:00:00", "2036-07-01T11:00:00Z"},
};
INSTANTIATE_TEST_SUITE_P(Zones, WallClock, testing::ValuesIn(kClocks));

TEST(WallClockText, IsStrict) {
  for (const std::string text :
       {"", "2026-12-05", "2026-13-05T20:00:00", "2026-02-29T20:00:00", "2026-12-05T24:00:00",
        "2026-12-05T20:60", "2026-12-05T20:00:60", "2026-12-05T20:00:", "2026-12-5T20:00:00",
        "1969-12-31T23:00:00", "2100-01-01T00:00:00", "2026-12-05T20:00:00 ", "tomorrow"}) {
    const auto at = to_instant(text, "Europe/London");
    ASSERT_FALSE(at.ok()) << text;
    EXPECT_EQ(at.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(at.error().text(), "\"" + text +
                                     "\" is not a time such as 2026-12-05T20:00:00, of "
                                     "the years 1970 to 2099");
  }
}

TEST(ZoneName, UnknownOnesGetASuggestion) {
  const auto message = [](const std::string& zone) { return offsets_for(zone).error().text(); };
  EXPECT_EQ(message("Europe/Londn"),
            "\"Europe/Londn\" is not a time zone; did you mean \"Europe/London\"?");
  EXPECT_EQ(message("europe/paris"),
            "\"europe/paris\" is not a time zone; did you mean \"Europe/Paris\"?");
  EXPECT_EQ(message("Middle Earth/Hobbiton"),
            "\"Middle Earth/Hobbiton\" is not a time zone; names are as in \"Europe/London\"");
}

TEST(ZoneName, NeverReachesForOtherFiles) {
  const std::vector<std::string> names{"",
                                       "../../../etc/passwd",
                                       "/etc/passwd",
                                       "zone.tab",
                                       "tzdata.zi",
                                       "Europe",
                                       "Europe/London/x",
                                       std::string(100'000, 'a')};
  for (const std::string& name : names) {
    EXPECT_EQ(offsets_for(name).error().code, ErrorCode::kInvalid) << name.substr(0, 30);
  }
}

Instant at(const char* text) { return *parse_instant(text); }

TEST(OffsetsFor, ChangesWhereTheZoneDoes) {
  const auto offsets =
      offsets_for("Europe/London", at("2026-01-01T00:00:00Z"), at("2026-12-31T00:00:00Z"));
  ASSERT_TRUE(offsets.ok());
  EXPECT_EQ(offsets->offset_at(at("2026-03-29T00:59:59Z")), Seconds{0});
  EXPECT_EQ(offsets->offset_at(at("2026-03-29T01:00:00Z")), Seconds{3600});
  EXPECT_EQ(offsets->offset_at(at("2026-10-25T00:59:59Z")), Seconds{3600});
  EXPECT_EQ(offsets->offset_at(at("2026-10-25T01:00:00Z")), Seconds{0});
}

TEST(OffsetsFor, CoversEveryYearThatMatters) {
  const auto offsets = offsets_for("Australia/Lord_Howe");
  ASSERT_TRUE(offsets.ok());
  EXPECT_EQ(offsets->offset_at(at("2026-01-15T00:00:00Z")), Seconds{11 * 3600});
  EXPECT_EQ(offsets->offset_at(at("2026-07-15T00:00:00Z")), Seconds{10 * 3600 + 1800});
  EXPECT_EQ(offsets->offset_at(at("2098-07-15T00:00:00Z")), Seconds{10 * 3600 + 1800});
  EXPECT_EQ(offsets->offset_at(at("1998-06-10T15:30:00Z")), Seconds{10 * 3600 + 1800});
}

/// What the wall clock shows is what was asked for, wherever the clock shows it at all.
TEST(ToInstantProperty, ReadsBackOnTheWallClock) {
  for (const std::string zone : {"Europe/London", "America/New_York", "Australia/Lord_Howe"}) {
    const auto offsets = offsets_for(zone);
    ASSERT_TRUE(offsets.ok());
    Instant previous{};
    for (Instant local = at("2026-01-01T00:00:00Z"); local < at("2027-01-01T00:00:00Z");
         local += Seconds{900}) {
      const std::string text = to_string(local).substr(0, 19);
      const auto instant = to_instant(text, zone);
      ASSERT_TRUE(instant.ok());
      const Seconds shown = offsets->offset_at(*instant);
      const Seconds before = offsets->offset_at(*instant - Seconds{7200});
      // In a gap the clock shows later by the jump, and otherwise exactly this.
      ASSERT_TRUE(*instant + shown == local || (shown > before && *instant + before == local))
          << zone << ' ' << text;
      previous = *instant;
    }
    EXPECT_GT(previous, Instant{});
  }
}

}  // namespace
}  // namespace edgetide::calendar
