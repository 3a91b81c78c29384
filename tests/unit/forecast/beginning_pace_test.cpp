#include "edgetide/forecast/beginning_pace.h"

#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

/// Beginnings whose audience grows by `rate` a minute in the first half hour and not after.
void live(BeginningPace& pace, double rate, int times) {
  for (int time = 0; time < times; ++time) {
    for (int minute = 1; minute <= 60; ++minute) pace.learn(minute, minute <= 30 ? rate : 0, 1);
  }
}

TEST(BeginningPace, KnowingNothingExpectsWhatOthersDo) {
  EXPECT_NEAR(BeginningPace{}.growth(3, 6, 0.3), 0.3, 1e-6);
}

/// (n e + otherwise) / (n + 1) with n = 1.
TEST(BeginningPace, WeighsWhatWasSeenAsWritten) {
  BeginningPace pace;
  live(pace, 0.03, 1);
  EXPECT_NEAR(pace.growth(0, 1, 0.01), (0.03 + 0.01) / 2, 1e-3);
}

TEST(BeginningPace, GrowsAsEarlierOnesDid) {
  BeginningPace pace;
  live(pace, 0.03, 20);
  EXPECT_NEAR(pace.growth(0, 10, 0), 0.3, 0.03);
  EXPECT_NEAR(pace.growth(25, 10, 0), 0.15, 0.03);
  EXPECT_NEAR(pace.growth(40, 10, 0), 0, 0.01);
  EXPECT_NEAR(pace.growth(1000, 10, 0), 0, 0.01);
}

TEST(BeginningPace, LearnsNothingOutsideItsMinutes) {
  BeginningPace pace;
  pace.learn(-5, 1, 1);
  pace.learn(95, 1, 1);
  pace.learn(10, 1, 0);
  EXPECT_EQ(pace, BeginningPace{});
}

/// A channel on the air from 18:00 to midnight, whose audience comes within half an hour.
double from_six(Instant at) {
  const auto minute =
      static_cast<double>((at - std::chrono::floor<std::chrono::days>(at)).count()) / 60;
  return 100 + 4900 * std::min(1.0, (minute - 18 * 60) / 30);
}

TEST(BeginningPace, AChannelBackOnTheAirIsKnownToGrow) {
  const auto evening_of = [](Watch& watch, int day, Seconds length) {
    const Instant begins = kMonday + day * 24h + 18h;
    watch.see(from_six, begins, begins + length);
  };
  Watch first, seventh;
  evening_of(first, 0, 5min);
  for (int day = 0; day < 6; ++day) evening_of(seventh, day, 6h);
  evening_of(seventh, 6, 5min);
  const auto median = [](const Watch& watch, int day) {
    return watch.peak(kMonday + day * 24h + 18h + 5min).median.count();
  };
  EXPECT_GT(median(seventh, 6), 1.2 * median(first, 0));
  EXPECT_GT(median(seventh, 6), 0.8 * from_six(kMonday + 18h + 9min));
}

}  // namespace
}  // namespace edgetide::forecast
