#include "simulation/rollout.h"

#include <gtest/gtest.h>

#include <vector>

namespace edgetide::simulation {
namespace {

/// Done at once and one after another, until nothing is left to be done before something is Ready.
struct Standing {
  VersionCounts current;
  VersionCounts old;

  void settle(int asked) {
    for (auto step = next_step(asked, current, old); !step.changes_nothing();
         step = next_step(asked, current, old)) {
      current.starting += step.current;
      old.ready += step.old;
    }
  }
};

TEST(Rollout, OfFortyHasTenMoreAndTenFewerThanAreAskedFor) {
  Standing standing{.current = {}, .old = {.ready = 40}};
  standing.settle(40);
  EXPECT_EQ(standing.current.starting, 20);
  EXPECT_EQ(standing.old.ready, 30);
  standing.current = {.ready = 5, .starting = 15};
  standing.settle(40);
  EXPECT_EQ(standing.old.ready, 25) << "one for each that has become Ready";
  EXPECT_EQ(standing.current.starting, 20);
}

TEST(Rollout, StopsWhileTheNewVersionDoesNotBecomeReady) {
  Standing standing{.current = {.starting = 20}, .old = {.ready = 30}};
  standing.settle(40);
  EXPECT_EQ(standing.current.all(), 20);
  EXPECT_EQ(standing.old.ready, 30);
}

/// 25 % of a few: the surge is rounded up, what may be unavailable down.
TEST(Rollout, OfAFewTakesNoneAwayBeforeOneMoreServes) {
  for (const int asked : {1, 2, 3}) {
    Standing standing{.current = {}, .old = {.ready = asked}};
    standing.settle(asked);
    EXPECT_EQ(standing.current.starting, 1);
    EXPECT_EQ(standing.old.ready, asked);
  }
}

TEST(Rollout, TakesWhatIsNotReadyOfTheOldVersionFirst) {
  EXPECT_EQ(next_step(40, {.starting = 10}, {.ready = 30, .starting = 10}).old, -10);
  EXPECT_EQ(next_step(40, {.starting = 10}, {.ready = 28, .starting = 12}).old, -10)
      << "no more than may be unavailable with those that start";
}

TEST(Rollout, EndsWithWhatIsAskedFor) {
  for (const int asked : {0, 1, 7, 40, 41}) {
    Standing standing{.current = {}, .old = {.ready = 40}};
    for (int wave = 0; wave < 60; ++wave) {
      standing.settle(asked);
      standing.current = {.ready = standing.current.all()};
    }
    EXPECT_EQ(standing.current.ready, asked);
    EXPECT_EQ(standing.old.all(), 0);
  }
}

TEST(Rollout, WithNothingOldIsAnOrder) {
  EXPECT_EQ(next_step(9, {.ready = 4}, {}).current, 5);
  EXPECT_EQ(next_step(3, {.ready = 4}, {}).current, -1);
  EXPECT_TRUE(next_step(4, {.ready = 2, .pending = 2}, {}).changes_nothing());
}

}  // namespace
}  // namespace edgetide::simulation
