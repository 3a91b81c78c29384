#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

/// The same local hour, whatever the offset: 20:00 in Paris is 19:00 UTC in winter, 18:00 in
/// summer.
TEST(Seasons, FollowTheWallClockThroughDaylightSaving) {
  const Instant spring = kMonday + 83 * 24h + 1h;  // 29 March 2026, 01:00 UTC
  Watch watch;
  watch.offsets = model::UtcOffsets({{kMonday - 24h, 1h}, {spring, 2h}});
  const auto local_day = [&](Instant at) { return day_wave(at + watch.offsets.offset_at(at)); };
  const Instant from = kMonday + 69 * 24h;
  watch.see(local_day, from, spring + 4 * 24h, 300s);
  const Instant now = kMonday + 83 * 24h + 4 * 24h + 1h;
  const auto points = path(watch.state, {now, 24h, 0.9}, 30min, watch.context());
  for (const auto& point : points)
    EXPECT_NEAR(point.median.count(), local_day(point.at), 0.15 * local_day(point.at))
        << to_string(point.at);
}

/// The hour that comes twice is twice the same hour of the audience's day.
TEST(Seasons, RepeatAnHourInAutumn) {
  const Instant autumn = kMonday + 293 * 24h + 1h;  // 25 October 2026, 01:00 UTC
  Watch watch;
  watch.offsets = model::UtcOffsets({{kMonday, 2h}, {autumn, 1h}});
  ASSERT_EQ(watch.offsets.local_time_of_week(autumn - 1h), 6 * 24h + 2h);
  ASSERT_EQ(watch.offsets.local_time_of_week(autumn), 6 * 24h + 2h);
  const auto local_day = [&](Instant at) { return day_wave(at + watch.offsets.offset_at(at)); };
  const auto expect_habit_from = [&](Instant now) {
    for (const auto& point : path(watch.state, {now, 24h, 0.9}, 30min, watch.context()))
      EXPECT_NEAR(point.median.count(), local_day(point.at), 0.15 * local_day(point.at))
          << to_string(now) << ", " << to_string(point.at);
  };
  watch.see(local_day, autumn - 15 * 24h, autumn - 6h, 300s);
  expect_habit_from(autumn - 6h);
  const double before = watch.state.habits.expected(6 * 24h + 2h + 30min);
  watch.see(local_day, autumn - 6h, autumn + 4 * 24h, 300s);
  EXPECT_NEAR(watch.state.habits.expected(6 * 24h + 2h + 30min), before, 0.1);
  expect_habit_from(autumn + 4 * 24h);
}

/// Hours are told apart after a day, days of the week after two weeks: what lies ahead in the
/// second week has not been seen before.
TEST(Seasons, AreTheDaysFirstAndTheWeeksAfterTwo) {
  const auto weekly = [](Instant at) {
    const auto day = (at - kMonday) / 24h % 7;
    return day_wave(at) * (day >= 5 ? 2 : 1);
  };
  Watch watch;
  const SeasonalLevel& habits = watch.state.habits;
  watch.see(weekly, kMonday, kMonday + 23h, 300s);
  for (Seconds hour = 0h; hour < 24h; hour += 1h) EXPECT_EQ(habits.season(hour), 0) << hour.count();
  watch.see(weekly, kMonday + 23h, kMonday + 25h, 300s);
  EXPECT_GT(habits.season(18h), habits.season(6h) + 1);
  for (const int days : {5, 8, 11}) {
    watch.see(weekly, kMonday + 25h, kMonday + days * 24h, 300s);
    for (Seconds hour = 1h; hour < 23h; hour += 1h)
      EXPECT_EQ(habits.season(5 * 24h + hour), habits.season(4 * 24h + hour))
          << days << " days, hour " << hour / 1h;
  }
  watch.see(weekly, kMonday + 11 * 24h, kMonday + 14 * 24h, 300s);
  for (Seconds hour = 6h; hour < 17h; hour += 1h)
    EXPECT_GT(habits.season(5 * 24h + hour), habits.season(4 * 24h + hour) + 0.1) << hour / 1h;
}

TEST(Seasons, KeepTheirMeaningInAnotherMeasure) {
  SeasonalLevel habits;
  Seconds at{0};
  for (; at < 20 * 24h; at += 300s)
    habits.learn(std::log(day_wave(kMonday + at) + 1), at % (7 * 24h), 5, {});
  const double before = std::exp(habits.expected(7h)) - 1;
  habits.remap([](double log) { return std::log(std::exp(log) - 1 + 5000); });
  EXPECT_NEAR(std::exp(habits.expected(7h)) - 5000, before, 0.01 * before);
  EXPECT_NEAR(before, day_wave(kMonday + 7h), 0.1 * before);
}

}  // namespace
}  // namespace edgetide::forecast
