#include <gtest/gtest.h>

#include <limits>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(WindowPeak, OfNothingLearnedIsUnknown) {
  const Watch watch;
  const auto peak = watch.peak(kMonday);
  EXPECT_EQ(peak.stage, model::ForecastStage::kNone);
  EXPECT_EQ(peak.quantile, Viewers{0});
  EXPECT_EQ(peak.window_end, kMonday + 315s);
}

TEST(WindowPeak, OfAConstantAudienceIsNearIt) {
  for (const Seconds step : {15s, 60s, 300s}) {
    Watch watch;
    watch.see(constant(1000), kMonday, kMonday + 48h, step);
    const auto peak = watch.peak(kMonday + 48h);
    EXPECT_EQ(peak.median, Viewers{1000}) << step.count();
    EXPECT_GE(peak.quantile, Viewers{1000}) << step.count();
    EXPECT_LT(peak.quantile, Viewers{1030}) << step.count();
  }
}

TEST(WindowPeak, TellsHowMuchHistoryTaughtIt) {
  struct Case {
    Seconds seen;
    model::ForecastStage stage;
  };
  for (const Case& c :
       {Case{10min, model::ForecastStage::kNone}, Case{2h, model::ForecastStage::kLevel},
        Case{30h, model::ForecastStage::kDaily}, Case{15 * 24h, model::ForecastStage::kWeekly}}) {
    Watch watch;
    watch.see(day_wave, kMonday, kMonday + c.seen, 300s);
    EXPECT_EQ(watch.peak(kMonday + c.seen).stage, c.stage) << c.seen.count();
  }
}

TEST(WindowPeak, GrowsWithConfidenceAndLength) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 72h + 12h);
  const Instant now = kMonday + 72h + 12h;
  Viewers last{0};
  for (const double confidence : {0.5, 0.8, 0.9, 0.99, 0.999, 0.99999}) {
    const auto peak = watch.peak(now, 315s, confidence);
    EXPECT_GE(peak.quantile, last) << confidence;
    last = peak.quantile;
  }
  EXPECT_GT(watch.peak(now, 2h).median, watch.peak(now, 5min).median);
}

/// A reading every half hour, windows of five minutes: one in five of them sees a reading, and may
/// be exceeded five times as often.
TEST(WindowPeak, CountsWindowsThatSeeNoReadingAsKept) {
  Watch watch;
  std::uint32_t random = 3;
  double viewers = 10000;
  int exceeded = 0;
  int judged = 0;
  for (int reading = 0; reading < 4000; ++reading) {
    const Instant at = kMonday + reading * 30min;
    random = random * 1664525U + 1013904223U;
    viewers = std::clamp(viewers * std::exp(0.2 * (random / 4294967296.0 - 0.5)), 5e3, 2e4);
    if (reading > 1000) {
      ++judged;
      exceeded += viewers > watch.peak(at - 1min, 5min, 0.95).quantile.count();
    }
    watch.see({{at, Viewers{viewers}}});
  }
  EXPECT_NEAR(static_cast<double>(exceeded) / judged, 5 * 0.05, 0.07);
}

/// Of the windows of five minutes that begin in the five minutes after a reading, four see the next
/// one and the last sees two.
TEST(WindowPeak, KeepsItsConfidenceWhereReadingsComeEveryFiveMinutes) {
  const auto readings = sampled(restless, kMonday, kMonday + 42 * 24h, 300s);
  Watch watch;
  double exceeded = 0;
  double judged = 0;
  for (std::size_t i = 0; i + 2 < readings.size(); ++i) {
    watch.see({readings[i]});
    if (i < 2016) continue;
    for (const auto age : {1min, 2min, 3min, 4min, 5min}) {
      Viewers peak = std::max(readings[i].viewers, readings[i + 1].viewers);
      if (age == 5min) peak = std::max(readings[i + 1].viewers, readings[i + 2].viewers);
      ++judged;
      exceeded += peak > watch.peak(readings[i].at + age, 5min, 0.95).quantile;
    }
  }
  EXPECT_NEAR(exceeded / judged, 0.05, 0.005);
}

TEST(WindowPeak, RisesAtOnceWithAReadingWithinTheMinute) {
  Watch watch;
  watch.see(constant(1000), kMonday, kMonday + 24h);
  watch.see({{kMonday + 24h, Viewers{1000}}, {kMonday + 24h + 15s, Viewers{1800}}});
  EXPECT_GE(watch.peak(kMonday + 24h + 15s).quantile, Viewers{1800});
}

TEST(WindowPeak, FollowsASlopeThroughTheLead) {
  Watch watch;
  const auto climbs = [](Instant at) {  // 4 % a minute, as in the minutes before a kick-off
    const double minutes = static_cast<double>((at - kMonday - 24h).count()) / 60;
    return 1000 * std::exp(0.04 * std::max(0.0, minutes));
  };
  watch.see(climbs, kMonday, kMonday + 24h + 12min);
  const Instant now = kMonday + 24h + 12min;
  EXPECT_GT(watch.peak(now, 5min).quantile, Viewers{climbs(now + 4min)});
}

TEST(Advance, LeavesOutWhatIsNotDemand) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 30h);
  const ForecastState before = watch.state;
  const Instant next = kMonday + 30h;
  watch.see({{next, Viewers{kNan}},
             {next, Viewers{kInfinity}},
             {next, Viewers{-1}},
             {next, Viewers{1e300}},
             {next - 1h, Viewers{5000}},
             {kMonday, Viewers{1}},
             {Instant{Seconds{-1}}, Viewers{1}},
             {kMonday + std::chrono::years{300}, Viewers{1}}});
  EXPECT_EQ(watch.state, before);
}

TEST(Advance, LearnsTheSameInOneOrManyPieces) {
  const auto samples = sampled(day_wave, kMonday, kMonday + 50h);
  Watch whole;
  whole.calendar = model::EventCalendar({match(kMonday + 20h)});
  Watch pieces = whole;
  whole.see(samples);
  for (std::size_t from = 0; from < samples.size(); from += 7) {
    const std::size_t to = std::min(samples.size(), from + 9);  // two of them given again
    pieces.see({samples.begin() + from, samples.begin() + to});
  }
  EXPECT_EQ(whole.state, pieces.state);
}

TEST(Advance, LearnsByTheMinuteHoweverOftenItIsTold) {
  Watch often, once;
  often.see(day_wave, kMonday, kMonday + 30h, 15s);
  once.see(day_wave, kMonday, kMonday + 30h, 60s);
  EXPECT_EQ(often.state.habits, once.state.habits);
  EXPECT_EQ(often.state.trackers, once.state.trackers);
}

TEST(Advance, SettlesNothingThatAGapHasHidden) {
  Watch watch;
  watch.see(constant(1000), kMonday, kMonday + 6h);
  const double settled = watch.state.trackers.back().settled_minutes();
  watch.see({{kMonday + 11h, Viewers{1000}}});
  EXPECT_EQ(watch.state.trackers.back().settled_minutes(), settled);
}

TEST(Advance, TakesTheLevelAfterALongSilenceAsItIs) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 7 * 24h, 300s);
  const auto grown = [](Instant at) { return 5 * day_wave(at); };
  const Instant back = kMonday + 17 * 24h;
  watch.see(grown, back, back + 1h, 300s);
  const auto ahead = path(watch.state, {back + 1h, 12h, 0.9}, 3h, watch.context());
  for (const auto& point : ahead)
    EXPECT_NEAR(point.median.count(), grown(point.at), 0.25 * grown(point.at));
}

/// The measure of log demand follows the mean, so that noise is small at every scale;
/// what habits say of viewers stays the same.
TEST(Advance, KeepsHabitsWhenTheMeasureFollowsTheScale) {
  Watch watch;
  const Instant start = kMonday + 92h;
  watch.calendar = model::EventCalendar({match(start)});
  watch.see(constant(1000), kMonday, start);
  const double offset = watch.state.recent.offset;
  watch.see(constant(1000000), start, start + 2h);
  EXPECT_GT(watch.state.recent.offset, 5 * offset);
  EXPECT_NEAR(std::exp(watch.state.habits.expected(12h)) - watch.state.recent.offset, 1000, 20);
}

TEST(Advance, SkipsAGapAndKeepsTheHabit) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 7 * 24h, 300s);
  const double noon = watch.state.habits.season(12h) - watch.state.habits.season(0h);
  watch.see(day_wave, kMonday + 7 * 24h + 20h, kMonday + 8 * 24h, 300s);
  EXPECT_NEAR(watch.state.habits.season(12h) - watch.state.habits.season(0h), noon, 0.05);
  EXPECT_LT(watch.peak(kMonday + 8 * 24h).quantile.count(), 3 * day_wave(kMonday + 8 * 24h));
}

TEST(Advance, DoubtsAnAbruptFallForAQuarterOfAnHour) {
  Watch watch;
  watch.see(constant(10000), kMonday, kMonday + 24h);
  const Instant outage = kMonday + 24h;
  watch.see(constant(40), outage, outage + 10min);
  EXPECT_GE(watch.peak(outage + 10min).quantile, Viewers{10000});
  watch.see(constant(40), outage + 10min, outage + 40min);
  EXPECT_LT(watch.peak(outage + 40min).quantile, Viewers{5000});
}

/// A quick departure is no outage: held capacity would be paid for nothing.
TEST(Advance, DoubtsNoFallThatAudiencesCanMake) {
  Watch watch;
  watch.see(constant(10000), kMonday, kMonday + 24h);
  const Instant whistle = kMonday + 24h;
  watch.see(constant(8800), whistle, whistle + 3min);
  EXPECT_LT(watch.peak(whistle + 3min).quantile, Viewers{9900});
}

/// Where one reading is often a third of the one before, such a fall is no news.
TEST(Advance, DoubtsNoFallThatIsUsualAmongRareReadings) {
  Watch watch;
  const Instant now = kMonday + 3 * 24h;
  watch.see(restless, kMonday, now, 300s);
  watch.see({{now, Viewers{16000}}, {now + 5min, Viewers{6000}}});
  EXPECT_LT(watch.state.recent.held_until, now.time_since_epoch().count());
}

/// Between two readings there is no news, so that nothing is asked for and taken back again.
TEST(WindowPeak, StaysWhileAReadingStands) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 3 * 24h + 10h + 1s, 300s);
  const Instant read = kMonday + 3 * 24h + 10h;
  const Viewers first = watch.peak(read + 1min).quantile;
  for (const auto age : {2min, 3min, 4min, 5min})
    EXPECT_EQ(watch.peak(read + age).quantile, first) << age.count();
  EXPECT_GT(watch.peak(read + 10min).quantile, first) << "overdue";
}

TEST(Advance, CarvesNoHoleIntoTheSeasonForAnOutage) {
  Watch with, without;
  without.see(day_wave, kMonday, kMonday + 8 * 24h);
  const Instant outage = kMonday + 6 * 24h + 18h;
  with.see([&](Instant at) { return at >= outage && at < outage + 45min ? 0.0 : day_wave(at); },
           kMonday, kMonday + 8 * 24h);
  const Seconds hour = 18h + 15min;
  EXPECT_NEAR(with.state.habits.season(hour), without.state.habits.season(hour), 0.08);
}

TEST(Advance, LearnsTheDayWithinAWeek) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 10 * 24h, 300s);
  for (const auto hour : {3h, 9h, 15h, 21h}) {
    const Instant now = kMonday + 10 * 24h + hour;
    Watch then = watch;
    then.see(day_wave, kMonday + 10 * 24h, now + 1s, 300s);
    double highest = 0;
    for (auto ahead = 0min; ahead <= 60min; ahead += 1min)
      highest = std::max(highest, day_wave(now + ahead));
    EXPECT_NEAR(then.peak(now, 1h).median.count(), highest, 0.06 * highest) << hour.count();
  }
}

/// Weekends twice as large: the day's slots cannot say it, the week's can, from the second week on.
TEST(Advance, LearnsTheWeek) {
  const auto weekly = [](Instant at) {
    const auto day = (at - kMonday) / 24h % 7;
    return day_wave(at) * (day >= 5 ? 2 : 1);
  };
  Watch watch;
  watch.see(weekly, kMonday, kMonday + 6 * 24h, 300s);
  EXPECT_EQ(watch.state.habits.season(5 * 24h + 12h), watch.state.habits.season(12h));
  watch.see(weekly, kMonday + 6 * 24h, kMonday + 6 * 7 * 24h, 300s);
  const double weekend = watch.state.habits.season(5 * 24h + 12h);
  EXPECT_NEAR(weekend - watch.state.habits.season(12h), std::log(2), 0.1);
}

TEST(Path, StartsAtTheReadingAndStaysFinite) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 10 * 24h, 300s);
  const Instant now = kMonday + 10 * 24h - 300s;
  const auto points = path(watch.state, {now, 48h, 0.95}, 15min, watch.context());
  ASSERT_EQ(points.size(), 48U * 4 + 1);
  EXPECT_NEAR(points[0].median.count(), day_wave(now), 1);
  for (const auto& point : points) {
    EXPECT_NEAR(point.median.count(), day_wave(point.at), 0.25 * day_wave(point.at));
    EXPECT_GE(point.quantile, point.median);
  }
  EXPECT_TRUE(path(watch.state, {now, 48h, 0.95}, 0s, watch.context()).empty());
}

}  // namespace
}  // namespace edgetide::forecast
