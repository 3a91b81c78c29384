#include <gtest/gtest.h>

#include <algorithm>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

TEST(ArrivingOfLate, IsTheSlowestOfTheLastMinutes) {
  struct Case {
    std::vector<double> minutes;  ///< Viewers, the newest last.
    double expected;              ///< A second.
  };
  for (const auto& [minutes, expected] : {
           Case{{5000, 5600, 6200, 6800, 7400}, 10},  // six hundred a minute
           Case{{5000, 5000, 5000, 5000, 6800}, 10},  // one reading alone: over three minutes
           Case{{5000, 5000, 6200, 7400, 7400}, 0},   // over by now
           Case{{5000, 5000, 3000, 4000, 4800}, 0},   // they come back: no more than before
           Case{{5000, 4000, 3000, 2000, 1000}, 0},
           Case{{5000}, 0},
       }) {
    Watch watch;
    const Instant last = kMonday + 1h;
    Instant at = last - Seconds{60} * (static_cast<int>(minutes.size()) - 1);
    for (const double viewers : minutes) {
      watch.see(constant(viewers), at, at + 1s);
      at += 60s;
    }
    EXPECT_NEAR(arriving_of_late(watch.state).count(), expected, 1e-5)
        << testing::PrintToString(minutes);
  }
  EXPECT_EQ(arriving_of_late({}), ViewersPerSecond{0});
}

/// Where nothing is announced, all that may come by the end of the window comes evenly.
TEST(SteepestArrival, IsEvenWithoutEvents) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 43h);
  const Instant now = kMonday + 43h - 60s;
  const auto peak = watch.peak(now, 600s);
  const double rise = peak.quantile.count() - day_wave(now);
  EXPECT_GT(rise, 0);
  EXPECT_NEAR(peak.steepest.count(), rise / 600, rise / 600 * .15);
  EXPECT_EQ(window_peak({}, {now, 600s, .99}, watch.context()).steepest, ViewersPerSecond{0});
}

/// 5,000 on any evening; a match brings 95,000 more, four fifths of them evenly in some minutes
/// around its start.
struct KickOff {
  double knee_minutes;

  [[nodiscard]] double viewers(Instant at, Instant start) const {
    const double minute = static_cast<double>((at - start).count()) / 60;
    const double slow = 19'000 * std::clamp((minute + 60) / 120, 0.0, 1.0);
    const double knee = 76'000 * std::clamp(minute / knee_minutes + .5, 0.0, 1.0);
    const double gone = std::clamp(1 - (minute - 115) / 10, 0.0, 1.0);
    return 5'000 + (slow + knee) * gone;
  }
};

const Instant kStart = kMonday + 8 * 24h + 20h;

/// Matches on nine evenings, of which eight were seen and the last until `now`.
struct MatchDays : Watch {
  MatchDays(KickOff match_day, Instant now) {
    std::vector<model::StreamEvent> matches;
    for (int day = 0; day <= 8; ++day)
      matches.push_back(match(kMonday + std::chrono::days{day} + 20h));
    calendar = model::EventCalendar(matches);
    evening = [=](Instant at) {
      const auto day = (at - kMonday) / std::chrono::days{1};
      return match_day.viewers(at, kMonday + std::chrono::days{day} + 20h);
    };
    see(evening, kMonday, now + 1s);
  }

  Curve evening;
};

TEST(SteepestArrival, IsThatOfTheKickOffOnceSuchWereSeen) {
  const Instant now = kStart - 1h;
  MatchDays watch({.knee_minutes = 10}, now);
  // An hour and a half: evenly, 95,000 were 18 a second, and the knee is 127.
  const auto ahead = watch.peak(now, 5400s, .5);
  EXPECT_GT(ahead.steepest.count(), 90);
  EXPECT_LT(ahead.steepest.count(), 190);
  // More of them come as fast again as there are more.
  const auto surer = watch.peak(now, 5400s, .99);
  const auto rise = [&](const model::WindowPeak& peak) { return peak.quantile.count() - 5'000; };
  EXPECT_NEAR(surer.steepest.count() / ahead.steepest.count(), rise(surer) / rise(ahead), .05);
  // When it is over nobody comes so fast.
  watch.see(watch.evening, now + 60s, kStart + 40min);
  EXPECT_LT(watch.peak(kStart + 39min, 600s, .5).steepest.count(), 15);
}

/// Of all that come by the peak, the share of a second.
double steepest_share(const Watch& watch, Instant now, Seconds length) {
  const auto peak = watch.peak(now, length, .9);
  return peak.steepest.count() / (peak.quantile.count() - watch.state.recent.last.viewers);
}

/// A window of 5.75 minutes of which the knee begins in the last three.
TEST(SteepestArrival, IsOfTheKneeInAShortWindowAndAsTheReadingGrowsOlder) {
  const Instant now = kStart - 8min;
  const MatchDays watch({.knee_minutes = 10}, now);
  EXPECT_GT(steepest_share(watch, now, 345s), 1.5 / 345);
  const auto steepest = [&](Seconds age) {
    return watch.peak(now + age, 345s, .9).steepest.count();
  };
  for (const Seconds age : {15s, 30s, 45s})
    EXPECT_NEAR(steepest(age) / steepest(0s), 1, .15) << age;
}

/// Four minutes, which shapes by three minutes tell as 281 of 95,000 a second, whenever one asks.
TEST(SteepestArrival, IsOfAShortKneeInALongWindow) {
  for (const Seconds before : {40min, 41min, 42min, 43min}) {
    const Instant now = kStart - before;
    const MatchDays watch({.knee_minutes = 4}, now);
    EXPECT_NEAR(steepest_share(watch, now, 90min), 281 / 95e3, 20 / 95e3) << before;
  }
}

}  // namespace
}  // namespace edgetide::forecast
