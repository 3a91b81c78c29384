#include "edgetide/forecast/event_pace.h"

#include <gtest/gtest.h>

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

/// Evenings whose audience grows by `rate` a minute in the first half hour and not after.
void live(EventPace& pace, int kind, double rate, int evenings) {
  for (int evening = 0; evening < evenings; ++evening) {
    for (int minute = -59; minute <= 60; ++minute) {
      const bool growing = minute > 0 && minute <= 30;
      pace.learn({.minute = static_cast<double>(minute), .kind = kind}, growing ? rate : 0, 1);
    }
  }
}

TEST(EventPace, KnowingNothingTakesTheCalendarsWord) {
  const EventPace pace;
  EXPECT_NEAR(pace.growth({.minute = -10}, 6, 0.3), 0.3, 1e-6);
  EXPECT_NEAR(pace.growth({.minute = 500}, 60, 0), 0, 1e-6);
}

TEST(EventPace, GrowsAsEveningsOfItsKindDid) {
  EventPace pace;
  live(pace, 1, 0.03, 20);
  EXPECT_NEAR(pace.growth({.minute = 0, .kind = 1}, 10, 0), 0.3, 0.03);
  EXPECT_NEAR(pace.growth({.minute = 25, .kind = 1}, 10, 0), 0.15, 0.03);
  EXPECT_NEAR(pace.growth({.minute = 40, .kind = 1}, 10, 0), 0, 0.01);
}

TEST(EventPace, IsDrawnToOtherKindsWhileItsOwnIsNew) {
  EventPace pace;
  live(pace, 0, 0.05, 10);
  const double unseen = pace.growth({.minute = 3, .kind = 3}, 6, 0);
  EXPECT_GT(unseen, 0.2);
  live(pace, 3, 0, 1);
  const double once = pace.growth({.minute = 3, .kind = 3}, 6, 0);
  live(pace, 3, 0, 10);
  const double often = pace.growth({.minute = 3, .kind = 3}, 6, 0);
  EXPECT_LT(once, 0.8 * unseen);
  EXPECT_LT(often, 0.5 * once);
}

/// (n e + 2 (n_all e_all + outlook) / (n_all + 1)) / (n + 2), n = 1 of each of two kinds.
TEST(EventPace, WeighsKindAllAndOutlookAsWritten) {
  EventPace pace;
  for (int minute = 1; minute <= 3; ++minute) {
    pace.learn({.minute = static_cast<double>(minute), .kind = 0}, 0.03, 1);
    pace.learn({.minute = static_cast<double>(minute), .kind = 1}, 0.09, 1);
  }
  const double all = (0.03 + 0.09 + 0.06) / 3;
  EXPECT_NEAR(pace.growth({.minute = 0, .kind = 0}, 1, 0.06), (0.03 + 2 * all) / 3, 1e-3);
}

TEST(EventPace, LearnsNothingOutsideItsHours) {
  EventPace pace;
  pace.learn({.minute = -100}, 5, 1);
  pace.learn({.minute = 400}, 5, 1);
  pace.learn({.minute = 10}, 5, 0);
  EXPECT_EQ(pace, EventPace{});
  pace.learn({.minute = 10}, 1e9, 1);
  EXPECT_LE(pace.growth({.minute = 9}, 60, 0), 1.5);
}

}  // namespace
}  // namespace edgetide::forecast
