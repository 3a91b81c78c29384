#include "edgetide/forecast/days_ahead.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "series.h"

namespace edgetide::forecast {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

std::vector<DayAhead> ahead(const Watch& watch, Instant now) {
  return days_ahead(watch.state, {.now = now, .window = Seconds{315}, .confidence = 0.99},
                    watch.context());
}

const DayAhead& highest(const std::vector<DayAhead>& steps) {
  return *std::ranges::max_element(steps, {}, &DayAhead::median);
}

TEST(DaysAhead, SaysNothingBeforeAnythingWasSeen) {
  EXPECT_TRUE(ahead({}, kMonday).empty());
}

TEST(DaysAhead, FollowsTheHabitOfTheDay) {
  Watch watch;
  const Instant now = kMonday + days{14} + hours{3};
  watch.see(day_wave, kMonday, now);
  const auto steps = ahead(watch, now);
  ASSERT_EQ(steps.size(), 192u);
  for (const DayAhead& step : steps) {
    const double highest = std::max(day_wave(step.at), day_wave(step.at + minutes{15}));
    EXPECT_NEAR(step.median.count(), highest, 0.1 * highest) << to_string(step.at);
    EXPECT_GE(step.high, step.median);
    EXPECT_LE(step.high.count(), 1.3 * highest);
    EXPECT_EQ(step.event, nullptr);
  }
}

TEST(DaysAhead, AnAnnouncedEventStandsOutAtItsTimeAndNotLonger) {
  Watch watch;
  const Instant now = kMonday + days{14};
  const Instant start = now + hours{20};
  auto final = match(start);
  final.expected_peak = Viewers{100'000};
  watch.calendar = model::EventCalendar({final});
  watch.see(constant(5'000), kMonday, now);
  const auto steps = ahead(watch, now);
  const DayAhead& peak = highest(steps);
  EXPECT_NEAR(peak.median.count(), 100'000, 5'000);
  EXPECT_GT(peak.high.count(), 150'000);
  EXPECT_LT(peak.high.count(), 210'000) << "as a decision would, no more than twice the event";
  ASSERT_NE(peak.event, nullptr);
  EXPECT_EQ(peak.event->name, "video/match");
  EXPECT_GT(peak.at, start);
  for (const DayAhead& step : steps) {
    if (step.at + minutes{15} >= final.ramp_start() && step.at <= final.overrun_end()) continue;
    EXPECT_NEAR(step.median.count(), 5'000, 100) << to_string(step.at);
  }
}

TEST(DaysAhead, EventsAtOneTimeShareAnAudience) {
  Watch watch;
  const Instant now = kMonday + days{14};
  auto one = match(now + hours{20});
  one.expected_peak = Viewers{55'000};
  auto other = one;
  other.name = "video/other";
  watch.calendar = model::EventCalendar({one, other});
  watch.see(constant(5'000), kMonday, now);
  EXPECT_NEAR(highest(ahead(watch, now)).median.count(), 5'000 + 1.3 * 50'000, 4'000);
}

/// In the middle of it: what it brought fades when it has ended.
TEST(DaysAhead, AnEventThatRunsEnds) {
  Watch watch;
  const Instant start = kMonday + days{14};
  watch.calendar = model::EventCalendar({match(start)});
  const auto audience = [&](Instant at) {
    if (at < start - minutes{45}) return 5'000.0;
    return 5'000 + 300.0 * static_cast<double>((at - start + minutes{45}).count()) / 60;
  };
  const Instant now = start + minutes{30};
  watch.see(audience, kMonday, now);
  const auto steps = ahead(watch, now);
  ASSERT_FALSE(steps.empty());
  EXPECT_GE(steps.front().median.count(), audience(now));
  ASSERT_NE(steps.front().event, nullptr);
  EXPECT_NEAR(steps.back().median.count(), 5'000, 500);
}

}  // namespace
}  // namespace edgetide::forecast
