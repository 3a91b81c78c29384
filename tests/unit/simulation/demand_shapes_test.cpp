#include "simulation/demand_shapes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace edgetide::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant kMonday = *parse_instant("2026-05-11T00:00:00Z");

TEST(Premiere, FillsWithinMinutesAndEndsInACliff) {
  const auto share = [](int minute) { return premiere_share(minutes{minute}, minutes{60}); };
  EXPECT_EQ(share(-20), 0);
  EXPECT_LT(share(-1), .25);
  EXPECT_GE(share(2), .85) << "nobody is late for a clock";
  EXPECT_EQ(share(8), 1);
  EXPECT_NEAR(share(60), .88, 1e-9);
  EXPECT_LT(share(64), .5 * share(60));
  EXPECT_EQ(share(60 + 240), 0);
  double highest = 0;
  for (int minute = -30; minute < 400; ++minute) highest = std::max(highest, share(minute));
  EXPECT_EQ(highest, 1);
}

TEST(Premiere, FallsSlowlyWhateverItsLength) {
  for (const int lasts : {15, 45, 180}) {
    EXPECT_EQ(premiere_share(minutes{8}, minutes{lasts}), 1);
    EXPECT_NEAR(premiere_share(minutes{lasts}, minutes{lasts}), .88, 1e-9);
  }
}

TEST(PrimeTime, RisesDipsBetweenProgrammesAndFalls) {
  const PrimeTime evening{.start = hours{20}, .duration = hours{3}, .programme = hours{1}};
  const auto share = [&](int hour, int minute) {
    return prime_time_share(evening, kMonday + hours{hour} + minutes{minute});
  };
  EXPECT_EQ(share(12, 0), 0);
  EXPECT_NEAR(share(19, 45), .5 * share(20, 30), 1e-9);
  EXPECT_NEAR(share(21, 0), .8 * share(20, 30), 1e-9);
  EXPECT_EQ(share(20, 0), share(20, 30)) << "nothing ends where the evening begins";
  EXPECT_NEAR(share(23, 30), .5 * share(20, 30), 1e-9);
  EXPECT_EQ(share(24, 0), 0);
}

TEST(PrimeTime, GoesOnAfterMidnightAndIsLargestOnSundays) {
  const PrimeTime late{.start = hours{22}, .duration = hours{4}};
  EXPECT_GT(prime_time_share(late, kMonday + hours{25}), 0);
  double week = 0;
  for (int day = 0; day < 7; ++day)
    week += prime_time_share(late, kMonday + hours{24 * day + 22}) / 7;
  EXPECT_NEAR(week, 1, 1e-9);
  EXPECT_GT(prime_time_share(late, kMonday + hours{24 * 6 + 22}), 1.1);
}

TEST(RetryStorm, BringsBackMoreSessionsThanItCutOff) {
  const RetryStorm storm{
      .start = kMonday, .duration = minutes{5}, .share = Ratio{.6}, .times = 1.5};
  const auto factor = [&](int second) { return retry_factor(storm, kMonday + Seconds{second}); };
  EXPECT_EQ(factor(0), 1);
  EXPECT_NEAR(factor(30), .4, 1e-9);
  EXPECT_NEAR(factor(299), .4, 1e-9);
  EXPECT_NEAR(factor(360), 1.3, 1e-9) << "of the six tenths, half as many sessions again";
  EXPECT_NEAR(factor(360 + 300), 1.15, 1e-9);
  EXPECT_EQ(factor(360 + 600), 1);
}

}  // namespace
}  // namespace edgetide::simulation
