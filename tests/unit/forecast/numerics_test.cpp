#include <gtest/gtest.h>

#include "edgetide/forecast/calibration.h"
#include "edgetide/forecast/ridge.h"
#include "edgetide/forecast/student_t.h"
#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

struct Quantile {
  double confidence;
  int degrees;
  double expected;
};

/// From the printed tables of Student's t.
TEST(StudentT, AgreesWithTheTables) {
  for (const Quantile& q : {Quantile{0.5, 5, 0}, Quantile{0.9, 2, 1.886}, Quantile{0.95, 3, 2.353},
                            Quantile{0.99, 4, 3.747}, Quantile{0.99, 14, 2.624},
                            Quantile{0.995, 10, 3.169}, Quantile{0.999, 3, 10.215}}) {
    EXPECT_NEAR(student_t_quantile(q.confidence, q.degrees), q.expected, 0.001)
        << q.confidence << ' ' << q.degrees;
  }
}

TEST(StudentT, RisesWithConfidenceAndFewDegrees) {
  for (int degrees = 2; degrees < 16; ++degrees) {
    double last = -1;
    for (double confidence = 0.5; confidence < 0.9999; confidence += 0.0013) {
      const double value = student_t_quantile(confidence, degrees);
      EXPECT_GT(value, last);
      EXPECT_GE(value, student_t_quantile(confidence, degrees + 1));
      last = value;
    }
  }
  EXPECT_EQ(student_t_quantile(2, 3), student_t_quantile(0.99999, 3));
  EXPECT_EQ(student_t_quantile(std::nan(""), 3), 0);
  EXPECT_EQ(student_t_quantile(0.9, 900), student_t_quantile(0.9, 16));
}

TEST(Ridge, FindsTheLineAndKeepsThePriorWhereNothingWasSeen) {
  Ridge<3> ridge;
  for (int i = 0; i < 2000; ++i) {
    const float x = static_cast<float>(i % 17) - 8;
    ridge.learn({1, x, 0}, 2 + 0.5F * x, 1, 0.999F);
  }
  ridge.solve({0, 0, 7}, 0.1);
  EXPECT_NEAR(ridge.weights[0], 2, 0.01);
  EXPECT_NEAR(ridge.weights[1], 0.5, 0.01);
  EXPECT_NEAR(ridge.weights[2], 7, 1e-6);
}

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

TEST(Fit, NeedsTwoDays) {
  const auto few = sampled(day_wave, kMonday, kMonday + 47h, 300s);
  const auto enough = sampled(day_wave, kMonday, kMonday + 49h, 300s);
  EXPECT_FALSE(fit({}, few, {}, {}).fitted);
  EXPECT_TRUE(fit({}, enough, {}, {}).fitted);
  EXPECT_FALSE(fit({}, {}, {}, {}).fitted);
}

/// A level that wanders asks for a larger gain than one that stays.
TEST(Fit, TakesALargerLevelGainForAWanderingAudience) {
  std::uint32_t random = 7;
  double wander = 0;
  const auto restless = [&](Instant at) {
    random = random * 1664525U + 1013904223U;
    wander += (random / 4294967296.0 - 0.5) * 0.1;
    return day_wave(at) * std::exp(wander);
  };
  const auto noisy = [&](Instant at) {
    random = random * 1664525U + 1013904223U;
    return day_wave(at) * std::exp((random / 4294967296.0 - 0.5) * 0.3);
  };
  const auto wandering = fit({}, sampled(restless, kMonday, kMonday + 28 * 24h, 300s), {}, {});
  const auto steady = fit({}, sampled(noisy, kMonday, kMonday + 28 * 24h, 300s), {}, {});
  EXPECT_GT(wandering.persistence, steady.persistence);
}

/// Mean absolute error half an hour ahead of quarters of an hour, the first quarter of them being
/// for warming up: what `fit` says that it makes small, written down once more.
double half_hour_error(const FittedModel& model, const std::vector<model::DemandSample>& quarters,
                       double offset) {
  SeasonalLevel habits;
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i + 2 < quarters.size(); ++i) {
    const auto week_of = [&](std::size_t at) {
      return model::UtcOffsets{}.local_time_of_week(quarters[at].at);
    };
    const double log = std::log(quarters[i].viewers.count() + offset);
    habits.learn(log, week_of(i), 15, model);
    if (i < quarters.size() / 4) continue;
    const double left = model.persistence * model.persistence;
    const double forecast =
        habits.expected(week_of(i + 2)) + left * (log - habits.expected(week_of(i)));
    sum += std::abs(std::log(quarters[i + 2].viewers.count() + offset) - forecast);
    ++count;
  }
  return sum / count;
}

/// Following derivatives from where the defaults lie finds what trying everything finds.
TEST(Fit, IsNoWorseThanTheBestOfAGrid) {
  for (const double wander : {0.0, 0.02, 0.2}) {
    std::uint32_t random = 11;
    const auto chance = [&] { return (random = random * 1664525U + 1013904223U) / 4294967296.0; };
    double off = 0;
    const auto quarters = sampled(
        [&](Instant at) {
          off = 0.97 * off + wander * (chance() - 0.5);
          return day_wave(at) * std::exp(off + 0.1 * (chance() - 0.5));
        },
        kMonday, kMonday + 28 * 24h, 900s);
    double mean = 0;
    for (const auto& sample : quarters)
      mean += sample.viewers.count() / static_cast<double>(quarters.size());
    const auto error = [&](const FittedModel& model) {
      return half_hour_error(model, quarters, 1 + 0.02 * mean);
    };
    double best = 1;
    FittedModel tried;
    for (tried.level_gain = 0.003F; tried.level_gain < 0.09F; tried.level_gain *= 3)
      for (tried.daily_gain = 0.05F; tried.daily_gain < 0.4F; tried.daily_gain *= 2.4F)
        for (tried.weekly_gain = 0.05F; tried.weekly_gain < 0.5F; tried.weekly_gain *= 2.8F)
          for (tried.persistence = 0.8F; tried.persistence < 0.99F; tried.persistence += 0.06F)
            best = std::min(best, error(tried));
    EXPECT_LT(error(fit({}, quarters, {}, {})), 1.005 * best) << wander;
    EXPECT_LT(error(fit({}, quarters, {}, {})), error({})) << wander;
  }
}

/// Readings every half hour or every hour teach gains or none, never nonsense.
TEST(Fit, TakesReadingsAsTheyCome) {
  const auto half_hourly = sampled(day_wave, kMonday, kMonday + 28 * 24h, 1800s);
  EXPECT_TRUE(fit({}, half_hourly, {}, {}).fitted);
  const auto hourly = sampled(day_wave, kMonday, kMonday + 28 * 24h, 3600s);
  EXPECT_EQ(fit({}, hourly, {}, {}), FittedModel{}) << "none are half an hour apart";
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

/// Follows a forecast that promises what the tracker alone says, when one is due.
void expect(HorizonTracker& tracker, std::int64_t minute, double log_now,
            const Features& features) {
  if (!tracker.due(minute)) return;
  Expectation expected{.features = features,
                       .growth = tracker.forecast(features, std::exp(log_now))};
  for (std::size_t i = 0; i < kTrackedLevels.size(); ++i) {
    const double errors = tracker.errors_above(kTrackedLevels[i], features.announced);
    expected.promised[i] =
        static_cast<float>(std::max(0.0, expected.growth.mean + expected.growth.error * errors));
  }
  tracker.expect(minute, log_now, expected);
}

/// Growth that is nothing or much: several levels come to the same quantile, and would cross.
TEST(HorizonTracker, NeverAsksLessForMoreConfidence) {
  HorizonTracker tracker(3);
  std::uint32_t random = 3;
  for (int minute = 0; minute < 20000; ++minute) {
    random = random * 1664525U + 1013904223U;
    tracker.observe(minute, random % 4096 < 900 ? 1 : 0, 1);
    Features features{.growth = {1}};
    tracker.complete(features, 0, 0);
    expect(tracker, minute, 0, features);
    if (minute % 50 != 0) continue;
    double last = 0;
    for (double confidence = 0.5; confidence < 0.99999; confidence += 0.004) {
      ASSERT_GE(tracker.errors_above(confidence, false), last - 1e-9)
          << minute << ' ' << confidence;
      last = tracker.errors_above(confidence, false);
    }
  }
}

TEST(HorizonTracker, MissesAsOftenAsAsked) {
  HorizonTracker tracker(6);
  std::uint32_t random = 3;
  double log = 0;
  double misses = 0;
  double judged = 0;
  std::vector<double> walk;
  std::vector<double> promised;
  for (int minute = 0; minute < 40000; ++minute) {
    random = random * 1664525U + 1013904223U;
    log += (random / 4294967296.0 - 0.5) * 0.02;
    walk.push_back(log);
    tracker.observe(minute, log, 1);
    Features features{.growth = {1}};
    tracker.complete(features, 0, 0);
    const Growth growth = tracker.forecast(features, std::exp(log));
    promised.push_back(log + growth.mean + growth.error * tracker.errors_above(0.99, false));
    expect(tracker, minute, log, features);
    if (minute < 10000) continue;
    ++judged;
    if (*std::max_element(walk.end() - 6, walk.end()) > promised[promised.size() - 7]) ++misses;
  }
  EXPECT_NEAR(misses / judged, 0.01, 0.004);
}

/// What events teach of rare errors is not lost among the many quiet minutes.
TEST(HorizonTracker, KeepsEventsApartFromQuietMinutes) {
  HorizonTracker tracker(3);
  std::uint32_t random = 3;
  for (int minute = 0; minute < 30000; ++minute) {
    random = random * 1664525U + 1013904223U;
    const bool in_event = minute % 1000 < 100;
    const double spread = in_event && random % 4 == 0 ? 1 : 0.01;
    tracker.observe(minute, spread * (random / 4294967296.0), 1);
    Features features{.growth = {1}, .in_event = in_event, .announced = in_event};
    tracker.complete(features, 0, 0);
    expect(tracker, minute, 0, features);
  }
  EXPECT_GT(tracker.errors_above(0.95, true), tracker.errors_above(0.95, false) + 0.5);
}

/// Ten thousand viewers, of whom five thousand more come for a moment once in two days: between two
/// such rises there is more room than little errors alone would leave.
TEST(HorizonTracker, KeepsRoomForARiseOfTheSizeOfTheLast) {
  HorizonTracker calm(6);
  HorizonTracker struck(6);
  std::uint32_t random = 3;
  double log = 0;
  Features features{.growth = {1}};
  for (int minute = 0; minute < 8 * 1440; ++minute) {
    random = random * 1664525U + 1013904223U;
    log = std::log(10000 * (1 + 0.01 * (random / 4294967296.0)));
    for (HorizonTracker* tracker : {&calm, &struck}) {
      const bool rise = tracker == &struck && minute % 2880 == 1440;
      tracker->observe(minute, rise ? std::log(15000) : log, 1);
      tracker->complete(features, 0, 0);
      expect(*tracker, minute, rise ? std::log(15000) : log, features);
    }
  }
  calm.complete(features, 0, 0);
  const double without = calm.forecast(features, std::exp(log)).error;
  struck.complete(features, 0, 0);
  EXPECT_GT(struck.forecast(features, std::exp(log)).error, 2 * without);
  features.in_event = true;
  const double in_event = struck.forecast(features, std::exp(log)).error;
  features.in_event = false;
  EXPECT_GT(struck.forecast(features, std::exp(log)).error, 1.5 * in_event);
  struck.forget_surges();
  EXPECT_NEAR(struck.forecast(features, std::exp(log)).error, in_event, 0.01 * in_event);
}

/// A window's beginning is there already when what was ordered for it arrives.
TEST(HorizonTracker, LearnsGrowthFromTheLaterHalf) {
  HorizonTracker tracker(6);
  for (int minute = 0; minute < 6000; ++minute) {
    tracker.observe(minute, -0.01 * (minute % 100), 1);
    Features features{.growth = {1}};
    if (minute % 100 < 90) expect(tracker, minute, -0.01 * (minute % 100), features);
  }
  EXPECT_NEAR(tracker.forecast({.growth = {1}}, 0).mean, -0.04, 0.005);
}

}  // namespace
}  // namespace edgetide::forecast
