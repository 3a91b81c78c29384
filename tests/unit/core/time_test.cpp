#include "edgetide/core/time.h"

#include <gtest/gtest.h>

namespace edgetide {
namespace {

TEST(InstantText, IsRfc3339InUtc) {
  EXPECT_EQ(to_string(Instant{Seconds{0}}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_string(Instant{Seconds{1796500800}}), "2026-12-05T20:00:00Z");
}

struct ReadCase {
  const char* text;
  const char* expected;  // in UTC; nullptr when it must be refused
};

class ReadInstant : public testing::TestWithParam<ReadCase> {};

TEST_P(ReadInstant, AcceptsOnlyRfc3339) {
  const auto instant = parse_instant(GetParam().text);
  if (GetParam().expected == nullptr) {
    EXPECT_FALSE(instant.has_value()) << to_string(*instant);
  } else {
    ASSERT_TRUE(instant.has_value()) << GetParam().text;
    EXPECT_EQ(to_string(*instant), GetParam().expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ReadInstant,
    testing::Values(ReadCase{"2026-12-05T20:00:00Z", "2026-12-05T20:00:00Z"},
                    ReadCase{"2026-12-05T20:00:00.123456Z", "2026-12-05T20:00:00Z"},
                    ReadCase{"2026-12-05T20:00:00+05:30", "2026-12-05T14:30:00Z"},
                    ReadCase{"2026-12-05T20:00:00-05:00", "2026-12-06T01:00:00Z"},
                    ReadCase{"2026-02-29T20:00:00Z", nullptr},
                    ReadCase{"2026-12-05T24:00:00Z", nullptr},
                    ReadCase{"2026-12-05T20:00:00", nullptr},
                    ReadCase{"2026-12-05T20:00:00Zx", nullptr},
                    ReadCase{"1969-12-31T23:59:59Z", nullptr},
                    ReadCase{"2026-12-05T20:00:00.Z", nullptr}, ReadCase{"", nullptr}));

TEST(DurationText, NamesTheLargestUnitsFirst) {
  EXPECT_EQ(to_string(Seconds{45}), "45s");
  EXPECT_EQ(to_string(Seconds{300}), "5m");
  EXPECT_EQ(to_string(Seconds{5400}), "1h30m");
  EXPECT_EQ(to_string(Seconds{-61}), "-1m1s");
  EXPECT_EQ(to_string(Seconds{0}), "0s");
}

TEST(DurationText, HasMinutesWithTheirPart) {
  EXPECT_EQ(minutes_of(Seconds{90}), 1.5);
  EXPECT_EQ(minutes_of(Seconds{-30}), -.5);
}

}  // namespace
}  // namespace edgetide
