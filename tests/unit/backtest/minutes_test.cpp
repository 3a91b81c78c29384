#include "edgetide/backtest/minutes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

namespace edgetide::backtest {
namespace {

using model::DemandSample;
using std::chrono::minutes;

const Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

DemandSample at(double minute, double viewers) {
  return {kStart + Seconds{static_cast<std::int64_t>(minute * 60)}, Viewers{viewers}};
}

TEST(Recorded, IsTheWholeRecordOrItsPart) {
  const std::vector samples{at(10.5, 1), at(20.9, 2)};
  EXPECT_EQ(recorded(samples), (Window{kStart + minutes{10}, kStart + minutes{21}}));
  EXPECT_EQ(recorded(samples, kStart + minutes{12}, kStart + minutes{15}),
            (Window{kStart + minutes{12}, kStart + minutes{15}}));
  EXPECT_EQ(recorded(samples, kStart, kStart + minutes{100})->minutes(), 11);
  EXPECT_EQ(recorded(samples, kStart + minutes{21}), std::nullopt);
  EXPECT_EQ(recorded(samples, kStart + minutes{15}, kStart + minutes{15}), std::nullopt);
  EXPECT_EQ(recorded({}), std::nullopt);
}

TEST(UsualStep, IsTheMedian) {
  EXPECT_EQ(usual_step({}), minutes{1});
  EXPECT_EQ(usual_step(std::vector{at(0, 1), at(30, 1)}), minutes{1});
  EXPECT_EQ(usual_step(std::vector{at(0, 1), at(5, 1), at(10, 1), at(500, 1)}), minutes{5});
  // Steps of 1, 2, 5 and 10 minutes: half way between 2 and 5, whole.
  EXPECT_EQ(usual_step(std::vector{at(0, 1), at(1, 1), at(3, 1), at(8, 1), at(18, 1)}), minutes{3});
  // Two samples of one minute are none apart.
  EXPECT_EQ(usual_step(std::vector{at(0, 1), at(.5, 1), at(7, 1), at(14, 1)}), minutes{7});
}

TEST(ByMinute, LetsASampleStandForFiveMinutesAndNoLonger) {
  const std::vector samples{at(0, 1), at(1, 2), at(2, 3), at(3, 4), at(13, 5)};
  const auto demand = by_minute(samples, *recorded(samples));
  ASSERT_EQ(demand.size(), 14U);
  EXPECT_EQ(demand[7], 4);
  for (int minute = 8; minute < 13; ++minute) EXPECT_TRUE(std::isnan(demand[minute])) << minute;
  EXPECT_EQ(demand[13], 5);
}

TEST(ByMinute, TakesTheLastOfAMinuteAndWhatStandsFromBeforeTheWindow) {
  const std::vector samples{at(0, 1), at(3.1, 2), at(3.9, 3), at(6, 4)};
  const auto demand = by_minute(samples, {kStart + minutes{2}, kStart + minutes{5}});
  EXPECT_EQ(demand, (std::vector<double>{1, 3, 3}));
}

TEST(NightsOffAir, AreZerosFromAnHourAfterTheLastSampleOn) {
  const std::vector samples{at(0, 100), at(30, 90), at(95, 80), at(3000, 70)};
  const auto told = with_nights_off_air(samples, minutes{60});
  // 65 minutes of silence: zeros at 90 to 94. Two days of it say that nothing was recorded.
  ASSERT_EQ(told.size(), samples.size() + 5);
  EXPECT_EQ(told[2], at(90, 0));
  EXPECT_EQ(told[6], at(94, 0));
  EXPECT_EQ(told.back(), samples.back());
}

}  // namespace
}  // namespace edgetide::backtest
