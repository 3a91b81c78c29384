#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

/// Around 10,000 viewers: what a day of errors would come to is far below what is believed at most.
double calm(Instant at) { return 10000 * std::pow(restless(at) / 10000, 0.1); }

/// What is promised while nothing is heard after `heard`, hour by hour.
std::vector<double> promised_in_silence(const Watch& watch, Instant heard, int hours) {
  std::vector<double> promised;
  for (int hour = 1; hour <= hours; ++hour)
    promised.push_back(watch.peak(heard + hour * 1h, 5min, 0.9).quantile.count());
  return promised;
}

/// Nobody has learned what errors are like a day ahead: a fleet does not rise by the hour because a
/// source stays silent.
TEST(Silence, RaisesNothingByItself) {
  Watch watch;
  const Instant heard = kMonday + 20h;
  watch.see(calm, kMonday, heard);
  const auto promised = promised_in_silence(watch, heard, 24);
  for (const double peak : promised) EXPECT_NEAR(peak, promised.front(), 0.01 * promised.front());
  EXPECT_GE(promised.front(), watch.peak(heard, 5min, 0.9).quantile.count());
}

/// The samples of a final's last minutes, which stand for the hours after it.
TEST(Silence, AfterAFinalRaisesNothing) {
  Watch watch;
  const Instant start = kMonday + 44h;
  watch.calendar = model::EventCalendar({match(start)});
  const Instant heard = start + 115min;
  watch.see([&](Instant at) { return calm(at) * (at < start ? 1 : 8); }, kMonday, heard);
  const auto promised = promised_in_silence(watch, heard, 30);
  EXPECT_LE(promised.back(), 1.01 * promised.front());
}

/// What habit knows of the hours ahead is no matter of age,
TEST(Silence, IsNoReasonToForgetTheHabit) {
  Watch watch;
  const Instant heard = kMonday + 15 * 24h + 6h;
  watch.see(day_wave, kMonday, heard);
  EXPECT_LT(watch.peak(heard).quantile, Viewers{6000});
  for (int minutes = 0; minutes < 13 * 60; minutes += 10) {
    const Instant now = heard + minutes * 1min;
    EXPECT_GE(watch.peak(now).quantile.count(), 0.95 * day_wave(now)) << minutes;
  }
}

/// nor is an event that was announced.
TEST(Silence, IsNoReasonToForgetTheCalendar) {
  Watch watch;
  const Instant heard = kMonday + 38h;
  auto event = match(heard + 6h);
  event.expected_peak = Viewers{50000};
  watch.calendar = model::EventCalendar({event});
  watch.see(constant(2000), kMonday, heard);
  EXPECT_GE(watch.peak(heard + 7h).quantile, Viewers{30000});
}

/// What is there may have grown meanwhile, and has not become less for being unseen.
TEST(Silence, LowersNothing) {
  Watch watch;
  const Instant heard = kMonday + 15 * 24h + 20h;
  watch.see(day_wave, kMonday, heard);
  double last = 0;
  for (int minutes = 1; minutes < 36 * 60; ++minutes) {
    const double peak = watch.peak(heard + minutes * 1min).quantile.count();
    EXPECT_GE(peak, 0.98 * last) << minutes;  // the path is looked at now and then
    last = std::max(last, peak);
  }
}

}  // namespace
}  // namespace edgetide::forecast
