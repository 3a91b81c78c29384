#include "edgetide/forecast/quantile_tracker.h"

#include <gtest/gtest.h>

namespace edgetide::forecast {
namespace {

struct Tail {
  double confidence;
  double student;  ///< Quantile of Student's t with three degrees, from the printed tables,
  double normal;   ///< and of a normal.
};

constexpr Tail kTails[] = {{0.75, 0.765, 0.674},  {0.9, 1.638, 1.282},  {0.95, 2.353, 1.645},
                           {0.98, 3.482, 2.054},  {0.99, 4.541, 2.326}, {0.995, 5.841, 2.576},
                           {0.999, 10.215, 3.090}};

/// A normal's standard deviation, in mean absolute errors.
constexpr double kDeviation = 1.253;

TEST(QuantileTracker, HasStudentsTailBeforeAnyErrorIsKnown) {
  const QuantileTracker none;
  EXPECT_NEAR(none.errors_above(0.5), 0, 1e-6);
  for (const Tail& tail : kTails)
    EXPECT_NEAR(none.errors_above(tail.confidence), 0.9 * tail.student, 0.001) << tail.confidence;
  EXPECT_LE(none.errors_above(0.999999), 24.001) << "bounded";
}

/// Two hours of windows that were all kept take next to nothing off the rare levels.
TEST(QuantileTracker, KeepsItWhileFewErrorsAreKnown) {
  QuantileTracker few;
  LevelGrowths promised;
  promised.fill(1);
  for (int window = 0; window < 40; ++window)
    few.track(promised, {.all = 0, .some = 0, .minutes = 3});
  for (const Tail& tail : kTails) {
    if (tail.confidence < 0.98) continue;
    EXPECT_GT(few.errors_above(tail.confidence), kDeviation * tail.normal) << tail.confidence;
    EXPECT_GT(few.errors_above(tail.confidence), 0.9 * 0.9 * tail.student) << tail.confidence;
  }
}

}  // namespace
}  // namespace edgetide::forecast
