#include "simulation/score.h"

#include <gtest/gtest.h>

namespace edgetide::simulation {
namespace {

/// Replicas of 5,000 at 75 %, three domains, two spare, steps of 30 s.
Scenario small_scenario() {
  Scenario scenario = sport_evening({.seed = 1});
  scenario.step = Seconds{30};
  return scenario;
}

StepFacts step(Instant at, double wanting, int ready, int paid) {
  return {.at = at, .wanting = Viewers{wanting}, .ready = Replicas{ready}, .paid = Replicas{paid}};
}

TEST(ClairvoyantPromiseReplicas, AddsTargetSpareAndTheLossOfADomain) {
  model::EdgePool pool = small_scenario().pool;
  // 37,500 / 3,750 = 10, + 2 spare = 12, + ceil(12 / 2) = 18.
  EXPECT_EQ(clairvoyant_promise_replicas(pool, pool.domains.size(), Viewers{37'500}), Replicas{18});
  // 11 + 2 = 13, + ceil(13 / 2) = 20.
  EXPECT_EQ(clairvoyant_promise_replicas(pool, pool.domains.size(), Viewers{37'501}), Replicas{20});
  EXPECT_EQ(clairvoyant_promise_replicas(pool, pool.domains.size(), Viewers{0}), pool.replicas.min);
  pool.redundancy.survive = model::Survive::kNone;
  EXPECT_EQ(clairvoyant_promise_replicas(pool, pool.domains.size(), Viewers{37'500}), Replicas{12});
}

TEST(Score, AddsUpByHand) {
  const Scenario scenario = small_scenario();
  ScoreKeeper keeper(scenario);
  keeper.add(step(scenario.from, 12'000, 2, 4));                // short of 2,000 for half a minute
  keeper.add(step(scenario.from + Seconds{30}, 9'000, 2, 4));   // carried
  keeper.add(step(scenario.from + Seconds{60}, 16'000, 3, 3));  // short of 1,000
  const Score& score = keeper.score();
  EXPECT_DOUBLE_EQ(score.evening.viewer_minutes, 1000 + 500);
  EXPECT_DOUBLE_EQ(score.evening.wanted_viewer_minutes, 6000 + 4500 + 8000);
  EXPECT_DOUBLE_EQ(score.evening.minutes, 1);
  EXPECT_EQ(score.evening.worst, Viewers{2000});
  EXPECT_EQ(score.evening.worst_at, scenario.from);
  EXPECT_DOUBLE_EQ(score.evening.share().count(), 1500.0 / 18'500);
  EXPECT_DOUBLE_EQ(score.cost.replica_minutes, 5.5);
  // 3 + 2 + 4 replicas, half a minute each.
  EXPECT_DOUBLE_EQ(score.cost.clairvoyant_minutes, 4.5);
  EXPECT_DOUBLE_EQ(score.cost.ratio().count(), 5.5 / 4.5);
  // 12,000: 4 + 2 + 3 = 9; 9,000: 3 + 2 + 3 = 8; 16,000: 5 + 2 + 4 = 11.
  EXPECT_DOUBLE_EQ(score.clairvoyant_promise_minutes, 14);
}

TEST(Score, TellsKickOffAndZoneLossApart) {
  const Scenario scenario = small_scenario();
  const Instant kick_off = scenario.tonight.kick_off;
  const ZoneLoss loss = *scenario.zone_loss;
  ScoreKeeper keeper(scenario);
  for (const Instant at : {kick_off - Seconds{301}, kick_off - Seconds{300}, kick_off,
                           kick_off + Seconds{899}, kick_off + Seconds{900}, loss.at - Seconds{1},
                           loss.at, loss.back_at() - Seconds{1}, loss.back_at()}) {
    keeper.add(step(at, 7000, 1, 1));  // short of 2,000, so 1,000 viewer-minutes each
  }
  EXPECT_DOUBLE_EQ(keeper.score().kick_off.viewer_minutes, 3000);
  ASSERT_TRUE(keeper.score().zone_loss.has_value());
  EXPECT_DOUBLE_EQ(keeper.score().zone_loss->viewer_minutes, 2000);
  EXPECT_DOUBLE_EQ(keeper.score().evening.viewer_minutes, 9000);
}

TEST(Score, OfNothingIsZeroAndNotNan) {
  const Scenario scenario = sport_evening({.seed = 1, .zone_loss = false});
  const ScoreKeeper keeper(scenario);
  EXPECT_EQ(keeper.score().cost.ratio(), Ratio{0});
  EXPECT_EQ(keeper.score().evening.share(), Ratio{0});
  EXPECT_FALSE(keeper.score().zone_loss.has_value());
}

}  // namespace
}  // namespace edgetide::simulation
