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

/// 5,000 on any evening; a match brings 95,000 more, four fifths of them from five minutes before
/// its start until five after it.
double with_kick_off(Instant at, Instant start) {
  const double minute = static_cast<double>((at - start).count()) / 60;
  const double slow = 19'000 * std::clamp((minute + 60) / 120, 0.0, 1.0);
  const double knee = 76'000 * std::clamp((minute + 5) / 10, 0.0, 1.0);
  const double gone = std::clamp(1 - (minute - 115) / 10, 0.0, 1.0);
  return 5'000 + (slow + knee) * gone;
}

TEST(SteepestArrival, IsThatOfTheKickOffOnceSuchWereSeen) {
  Watch watch;
  std::vector<model::StreamEvent> matches;
  for (int day = 0; day <= 8; ++day)
    matches.push_back(match(kMonday + std::chrono::days{day} + 20h));
  watch.calendar = model::EventCalendar(matches);
  const auto evening = [&](Instant at) {
    const auto day = (at - kMonday) / std::chrono::days{1};
    return with_kick_off(at, kMonday + std::chrono::days{day} + 20h);
  };
  const Instant start = kMonday + 8 * 24h + 20h;
  const Instant now = start - 1h;
  watch.see(evening, kMonday, now + 1s);
  // An hour and a half: evenly, 95,000 were 18 a second, and the knee is 127.
  const auto ahead = watch.peak(now, 5400s, .5);
  EXPECT_GT(ahead.steepest.count(), 90);
  EXPECT_LT(ahead.steepest.count(), 190);
  // More of them come as fast again as there are more.
  const auto surer = watch.peak(now, 5400s, .99);
  const auto rise = [&](const model::WindowPeak& peak) { return peak.quantile.count() - 5'000; };
  EXPECT_NEAR(surer.steepest.count() / ahead.steepest.count(), rise(surer) / rise(ahead), .05);
  // When it is over nobody comes so fast.
  watch.see(evening, now + 60s, start + 40min);
  EXPECT_LT(watch.peak(start + 39min, 600s, .5).steepest.count(), 15);
}

}  // namespace
}  // namespace edgetide::forecast
