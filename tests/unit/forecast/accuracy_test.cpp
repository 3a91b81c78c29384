#include "edgetide/forecast/accuracy.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;
using model::Forecaster;

constexpr std::int64_t kDay = 1440;

Present present_at(std::int64_t minute, double viewers) {
  return {.minute = minute,
          .time_of_week = Seconds{minute * 60 % (7 * 86400)},
          .viewers = viewers,
          .offset = 1};
}

using Demand = std::function<double(std::int64_t minute)>;
/// What somebody forecasts, knowing the highest demand that will come.
using Own = std::function<double(std::int64_t minute, double peak)>;

/// Lets every minute of [from, to) be forecast and judged.
void live(Accuracy& accuracy, std::int64_t from, std::int64_t to, const Demand& demand,
          const Own& own, double confidence = 0.99) {
  for (std::int64_t minute = from; minute < to; ++minute) {
    const Present present = present_at(minute, demand(minute));
    accuracy.observe(present);
    const auto due = accuracy.due(minute);
    if (!due) continue;
    double peak = present.viewers;
    for (int ahead = 1; ahead <= *due; ++ahead) peak = std::max(peak, demand(minute + ahead));
    accuracy.expect(present, own(minute, peak), confidence);
  }
}

double wave(std::int64_t minute) {
  return 10000 - 8000 * std::cos(static_cast<double>(minute) / 1440 * 2 * std::numbers::pi);
}

const model::ForecastAccuracy& record(const std::vector<model::ForecastAccuracy>& all,
                                      Forecaster who, Seconds window) {
  const auto found = std::ranges::find_if(
      all, [&](const auto& r) { return r.forecaster == who && r.window == window; });
  EXPECT_NE(found, all.end());
  return *found;
}

Accuracy::Weighed weighed(const Accuracy& accuracy, std::int64_t minute, double own,
                          bool events_near = false, double confidence = 0.99) {
  return accuracy.weigh(own, present_at(minute, wave(minute)),
                        {.minutes = 5.25, .confidence = confidence, .events_near = events_near});
}

TEST(LastWeek, SaysWhatWasAWeekAgoOrADayWhereNoMoreIsKnown) {
  LastWeek week;
  EXPECT_EQ(week.highest(1h, 60), std::nullopt);
  const auto note_day = [&](int day, double viewers) {
    for (Seconds at = day * 24h; at < (day + 1) * 24h; at += 60s) week.note(viewers, at);
  };
  for (int day = 0; day < 7; ++day) note_day(day, 100 * (day + 1));
  EXPECT_NEAR(*week.highest(12h, 60), 100, 0.5);
  EXPECT_NEAR(*week.highest(36h, 60), 200, 0.5);
  EXPECT_NEAR(*week.highest(23h, 120), 200, 0.5) << "from Monday into Tuesday";
  LastWeek young;
  for (Seconds at = 0s; at < 24h; at += 60s) young.note(500, at);
  young.note(700, 24h);
  EXPECT_NEAR(*young.highest(36h, 60), 500, 1) << "yesterday";
  EXPECT_EQ(young.highest(60h, 60), std::nullopt) << "neither last week nor yesterday";
}

TEST(LastWeek, IsInProportionBetweenQuartersOfAnHour) {
  LastWeek week;
  for (Seconds at = 0s; at < 24h; at += 60s)
    week.note(static_cast<double>(at.count()) / 60, at);  // a viewer a minute
  // Quarters have means of 7, 22, 37, ... at 7.5, 22.5, 37.5 minutes.
  EXPECT_NEAR(*week.highest(10min, 5), 14.5, 0.05);
  EXPECT_NEAR(*week.highest(100min, 60), 159.5, 0.2);
}

TEST(Accuracy, CountsCoverageAndPinballLoss) {
  Accuracy accuracy;
  // Every tenth forecast is 100 too low, the others 50 too high.
  int count = 0;
  live(
      accuracy, 0, 2 * kDay, [](auto) { return 1000.0; },
      [&](auto, double peak) { return ++count % 10 == 0 ? peak - 100 : peak + 50; }, 0.9);
  const auto all = accuracy.records();
  for (const int minutes : Accuracy::kWindows) {
    const auto& own = record(all, Forecaster::kEdgetide, std::chrono::minutes{minutes});
    EXPECT_GE(own.coverage.count(), 0.75) << minutes;
  }
  double loss = 0;
  double covered = 0;
  for (const auto& own : all) {
    if (own.forecaster != Forecaster::kEdgetide) continue;
    // Eight turns and every tenth: each length has its share of the misses, 6m half of them.
    const double turns = own.window == 6min ? 4 : own.window == 12min ? 2 : 1;
    loss += turns / 8 * own.pinball.count();
    covered += turns / 8 * own.coverage.count();
  }
  EXPECT_NEAR(covered, 0.9, 0.01);
  EXPECT_NEAR(loss, 0.1 * 0.9 * 100 + 0.9 * 0.1 * 50, 0.5);
}

TEST(Accuracy, AGoodForecastIsNotOutweighed) {
  Accuracy accuracy;
  live(accuracy, 0, 10 * kDay, wave, [](auto, double peak) { return 1.01 * peak; });
  const auto asked = weighed(accuracy, 10 * kDay, 5000);
  EXPECT_EQ(asked.by, Forecaster::kEdgetide);
  EXPECT_EQ(asked.quantile, 5000);
}

TEST(Accuracy, WhoIsTooLowForADayIsRaisedToTheBetterForecast) {
  Accuracy accuracy;
  const Own low = [](auto, double peak) { return 0.9 * peak; };
  live(accuracy, 0, 10 * kDay, wave, low);
  const std::int64_t noon = 10 * kDay + 720;
  live(accuracy, 10 * kDay, noon, wave, low);
  const auto asked = weighed(accuracy, noon, 0.9 * wave(noon));
  EXPECT_NE(asked.by, Forecaster::kEdgetide);
  EXPECT_GE(asked.quantile, 0.99 * wave(noon + 5));
  EXPECT_EQ(asked.quantile, weighed(accuracy, noon, 0).quantile) << "theirs, whatever ours";
}

TEST(Accuracy, WhoIsTooHighForADayCountsLessUnlessAnEventIsNear) {
  Accuracy accuracy;
  live(accuracy, 0, 10 * kDay, wave, [](auto, double peak) { return 3 * peak; });
  const std::int64_t now = 10 * kDay;
  const auto asked = weighed(accuracy, now, 3 * wave(now));
  EXPECT_NE(asked.by, Forecaster::kEdgetide);
  EXPECT_LT(asked.quantile, 2 * wave(now));
  EXPECT_GE(asked.quantile, wave(now));
  EXPECT_EQ(weighed(accuracy, now, 3 * wave(now), true).quantile, 3 * wave(now));
  const auto surer = weighed(accuracy, now, 3 * wave(now), false, 0.999);
  EXPECT_GT(surer.quantile, asked.quantile);
}

TEST(Accuracy, OneBadHourIsChanceAndAQuarterWonEndsIt) {
  Accuracy accuracy;
  const Own high = [](auto, double peak) { return 3 * peak; };
  const Own good = [](auto, double peak) { return 1.005 * peak; };
  const Own mostly = [&](std::int64_t minute, double peak) {
    return minute % kDay < 60 ? 20 * peak : good(minute, peak);
  };
  live(accuracy, 0, 10 * kDay, wave, mostly);
  EXPECT_EQ(weighed(accuracy, 10 * kDay, 1e5).by, Forecaster::kEdgetide);
  live(accuracy, 10 * kDay, 12 * kDay, wave, high);
  EXPECT_NE(weighed(accuracy, 12 * kDay, 1e5).by, Forecaster::kEdgetide);
  live(accuracy, 12 * kDay, 13 * kDay, wave, good);
  EXPECT_EQ(weighed(accuracy, 13 * kDay, 1e5).by, Forecaster::kEdgetide);
}

TEST(Accuracy, AnotherConfidenceBeginsTheRecordAnew) {
  Accuracy accuracy;
  const Own high = [](auto, double peak) { return 3 * peak; };
  live(accuracy, 0, 10 * kDay, wave, high);
  live(accuracy, 10 * kDay, 10 * kDay + 60, wave, high, 0.999);
  EXPECT_EQ(weighed(accuracy, 10 * kDay + 60, 1e5).by, Forecaster::kEdgetide);
}

/// The naive forecasts are honest rivals: their margins keep the promise, too.
TEST(Accuracy, NaiveForecastersKeepTheirConfidence) {
  Accuracy accuracy;
  live(
      accuracy, 0, 28 * kDay, wave, [](auto, double peak) { return peak; }, 0.95);
  for (const auto& one : accuracy.records()) {
    EXPECT_GE(one.coverage.count(), 0.9)
        << model::to_string(one.forecaster) << ' ' << to_string(one.window);
  }
}

TEST(Forecast, KeepsWhatItForecastAndSaysHowItFared) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 10 * 24h);
  const auto all = watch.state.accuracy.records();
  ASSERT_EQ(all.size(), 12U);
  for (const auto window : {6min, 12min, 30min, 60min}) {
    const auto& own = record(all, Forecaster::kEdgetide, window);
    EXPECT_GT(own.coverage, Ratio{0.97});
    EXPECT_LT(own.pinball, record(all, Forecaster::kReaction, window).pinball);
  }
  EXPECT_EQ(watch.peak(kMonday + 10 * 24h).outweighed_by, Forecaster::kEdgetide);
}

/// What would be kept until `now` in the name of one that forecasts far too low.
Accuracy too_low_until(Instant now) {
  const auto minute_of = [](Instant at) { return at.time_since_epoch().count() / 60; };
  const Demand demand = [](std::int64_t m) { return day_wave(Instant{Seconds{m * 60}}); };
  Accuracy accuracy;
  live(
      accuracy, minute_of(kMonday), minute_of(now), demand,
      [](auto, double peak) { return 0.8 * peak; }, 0.995);
  return accuracy;
}

TEST(Forecast, OutweighedItSaysSoAndNeverAsksForLessThanReaction) {
  Watch watch;
  const Instant now = kMonday + 10 * 24h + 10h;
  watch.see(day_wave, kMonday, now);
  watch.state.accuracy = too_low_until(now);
  const auto after = watch.peak(now);
  EXPECT_NE(after.outweighed_by, Forecaster::kEdgetide);
  EXPECT_GE(after.quantile.count(), day_wave(now));
  EXPECT_LE(after.median, after.quantile);
}

/// Others know of no event, whichever of the windows it is in.
TEST(Forecast, OutweighedItKeepsWhatEventsBringInEveryWindow) {
  Watch watch;
  const Instant now = kMonday + 10 * 24h + 10h;
  auto soon = match(now + 10min);
  soon.expected_peak = Viewers{60'000};
  watch.calendar = model::EventCalendar({soon});
  watch.see(day_wave, kMonday, now);
  watch.state.accuracy = too_low_until(now);
  const std::array lengths{Seconds{315}, Seconds{900}, Seconds{1800}};
  const auto peaks = window_peaks(
      watch.state, {.now = now, .lengths = lengths, .confidence = 0.995, .other_confidence = 0.9},
      watch.context());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto alone = watch.peak(now, lengths[i], 0.995);
    EXPECT_NE(alone.outweighed_by, Forecaster::kEdgetide);
    EXPECT_EQ(alone.event, soon.name);
    EXPECT_EQ(peaks[i].peak.quantile, alone.quantile) << lengths[i].count();
    EXPECT_EQ(peaks[i].peak.outweighed_by, alone.outweighed_by);
    EXPECT_EQ(peaks[i].other.quantile, watch.peak(now, lengths[i], 0.9).quantile);
  }
}

}  // namespace
}  // namespace edgetide::forecast
