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
