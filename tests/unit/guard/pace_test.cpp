#include <gtest/gtest.h>

#include "edgetide/model/reasons.h"
#include "unit/guard/scene.h"

namespace edgetide::guard {
namespace {

namespace reason = model::reason;

TEST(Stabilization, LowersNoFurtherThanTheWindowsHighestRecommendation) {
  Scene scene;
  scene.memory.recommendations = {{kEvening - Seconds{121}, fleet({9, 9, 9})},
                                  {kEvening - Seconds{120}, fleet({8, 4, 4})},
                                  {kEvening - Seconds{30}, fleet({6, 6, 4})}};
  const auto guarded = stabilization(scene.inputs(), fleet({5, 5, 5}));
  EXPECT_EQ(guarded.fleet, fleet({8, 6, 5}));  // the 9s are older than 120 s
  EXPECT_EQ(reason_of(guarded), reason::kWithinStabilizationWindow);
}

/// A replica that is let go takes its warm cache with it.
TEST(Stabilization, WaitsForAsLongAsACacheTakesToFill) {
  Scene scene;
  scene.pool.warm_up = Seconds{600};
  scene.memory.recommendations = {{kEvening - Seconds{600}, fleet({9, 9, 9})}};
  EXPECT_EQ(stabilization(scene.inputs(), fleet({5, 5, 5})).fleet, fleet({9, 9, 9}));
  scene.memory.recommendations = {{kEvening - Seconds{601}, fleet({9, 9, 9})}};
  EXPECT_EQ(stabilization(scene.inputs(), fleet({5, 5, 5})).fleet, fleet({5, 5, 5}));
  scene.memory.since = kEvening - Seconds{599};
  EXPECT_EQ(stabilization(scene.inputs(), fleet({5, 5, 5})).fleet, fleet({10, 10, 10}));
}

/// 30 replicas, of which 10 % are 3.
TEST(DeadBand, ARiseIsNotTurnedBackForLittle) {
  Scene scene;
  scene.memory.scale_events = {{kEvening - scene.pool.lead_time - Seconds{3000}, 1}};
  const auto guarded = dead_band(scene.inputs(), fleet({9, 9, 10}));
  EXPECT_EQ(guarded.fleet, fleet({10, 10, 10}));
  EXPECT_EQ(reason_of(guarded), reason::kWithinDeadBand);
  EXPECT_EQ(dead_band(scene.inputs(), fleet({9, 9, 9})).fleet, fleet({9, 9, 9}));
}

TEST(DeadBand, WhatFallsFallsOnAndOldRisesAreForgotten) {
  Scene falling;
  falling.memory.scale_events = {{kEvening - Seconds{600}, 5}, {kEvening - Seconds{60}, -1}};
  EXPECT_EQ(dead_band(falling.inputs(), fleet({9, 10, 10})).fleet, fleet({9, 10, 10}));
  Scene old;
  old.memory.scale_events = {{kEvening - old.pool.lead_time - Seconds{3001}, 1}};
  EXPECT_EQ(dead_band(old.inputs(), fleet({9, 10, 10})).fleet, fleet({9, 10, 10}));
}

/// What is ordered half an hour ahead has hardly served when that is over.
TEST(DeadBand, CountsFromWhenARiseServes) {
  Scene scene;
  scene.pool.lead_time = Seconds{1800};
  scene.memory.scale_events = {{kEvening - Seconds{4800}, 1}};
  EXPECT_EQ(dead_band(scene.inputs(), fleet({9, 10, 10})).fleet, fleet({10, 10, 10}));
  scene.pool.lead_time = Seconds{120};
  EXPECT_EQ(dead_band(scene.inputs(), fleet({9, 10, 10})).fleet, fleet({9, 10, 10}));
}

/// Two domains written at once count together; and nothing that rises is held.
TEST(DeadBand, JudgesTheTotal) {
  Scene scene;
  scene.memory.scale_events = {{kEvening - Seconds{60}, 3}, {kEvening - Seconds{60}, -4}};
  EXPECT_EQ(dead_band(scene.inputs(), fleet({9, 10, 10})).fleet, fleet({9, 10, 10}));
  scene.memory.scale_events.back().change = -2;
  EXPECT_EQ(dead_band(scene.inputs(), fleet({8, 11, 10})).fleet, fleet({10, 11, 10}));
  EXPECT_EQ(dead_band(scene.inputs(), fleet({9, 12, 10})).fleet, fleet({9, 12, 10}));
}

TEST(Stabilization, AYoungMemoryLowersNothing) {
  Scene scene;
  scene.memory.since = kEvening - Seconds{119};
  const auto guarded = stabilization(scene.inputs(), fleet({5, 11, 5}));
  EXPECT_EQ(guarded.fleet, fleet({10, 11, 10}));
  EXPECT_EQ(reason_of(guarded), reason::kMemoryTooYoung);
  scene.memory.since = kEvening - Seconds{120};
  EXPECT_EQ(stabilization(scene.inputs(), fleet({5, 5, 5})).fleet, fleet({5, 5, 5}));
}

TEST(Stabilization, APolicyPeriodLengthensTheMemoryThatIsNeeded) {
  Scene scene;
  scene.pool.behavior.scale_down.policies = {{.value = 10, .period = Seconds{600}}};
  scene.memory.since = kEvening - Seconds{599};
  EXPECT_EQ(stabilization(scene.inputs(), fleet({5, 5, 5})).fleet, fleet({10, 10, 10}));
}

TEST(Stabilization, RisesAtOnceUnlessTheirOwnWindowSaysOtherwise) {
  Scene scene;
  EXPECT_EQ(stabilization(scene.inputs(), fleet({20, 20, 20})).fleet, fleet({20, 20, 20}));
  scene.pool.behavior.scale_up.stabilization_window = Seconds{60};
  scene.memory.recommendations = {{kEvening - Seconds{60}, fleet({12, 9, 20})}};
  EXPECT_EQ(stabilization(scene.inputs(), fleet({20, 20, 20})).fleet, fleet({12, 10, 20}));
}

/// Two looks within a second happen when the past has just been read.
TEST(Stabilization, WithoutAWindowAnEarlierLookOfTheSameSecondHoldsNothingDown) {
  Scene scene;
  scene.memory.recommendations = {{kEvening, fleet({10, 10, 10})}};
  EXPECT_EQ(stabilization(scene.inputs(), fleet({20, 20, 20})).fleet, fleet({20, 20, 20}));
}

struct PolicyCase {
  std::string name;
  model::ScalingRules rules;
  std::vector<model::PlanMemory::ScaleEvent> past;
  int total;  // of 30 replicas, 0 or 90 wanted
};

class ScaleDownPolicies : public testing::TestWithParam<PolicyCase> {};

TEST_P(ScaleDownPolicies, LimitTheFall) {
  Scene scene;
  scene.pool.behavior.scale_down = GetParam().rules;
  scene.memory.scale_events = GetParam().past;
  const auto guarded = rate_limit(scene.inputs(), fleet({0, 0, 0}));
  int total = 0;
  for (const Replicas replicas : guarded.fleet) total += replicas.count();
  EXPECT_EQ(total, GetParam().total);
}

using Type = model::ScalingPolicy::Type;
using Select = model::ScalingRules::Select;
const model::ScalingPolicy kFourPods{Type::kPods, 4, Seconds{60}};
const model::ScalingPolicy kTenPercent{Type::kPercent, 10, Seconds{60}};

INSTANTIATE_TEST_SUITE_P(
    Rules, ScaleDownPolicies,
    testing::Values(
        PolicyCase{"none", {}, {}, 0}, PolicyCase{"pods", {.policies = {kFourPods}}, {}, 26},
        PolicyCase{"percent", {.policies = {kTenPercent}}, {}, 27},
        // As an HPA has it, a part of a replica is one.
        PolicyCase{"part", {.policies = {{Type::kPercent, 3, Seconds{60}}}}, {}, 29},
        PolicyCase{"most", {.select = Select::kMax, .policies = {kFourPods, kTenPercent}}, {}, 26},
        PolicyCase{"least", {.select = Select::kMin, .policies = {kFourPods, kTenPercent}}, {}, 27},
        PolicyCase{"disabled", {.select = Select::kDisabled}, {}, 30},
        // 3 went within the minute, from 33: four allowed leave one more.
        PolicyCase{"spent", {.policies = {kFourPods}}, {{kEvening - Seconds{59}, -3}}, 29},
        PolicyCase{"recovered", {.policies = {kFourPods}}, {{kEvening - Seconds{60}, -3}}, 26},
        // A rise within the period does not pay for a fall.
        PolicyCase{"rise", {.policies = {kFourPods}}, {{kEvening - Seconds{30}, 20}}, 26}),
    [](const auto& test) { return test.param.name; });

TEST(RateLimit, SharesTheFallAndTheRiseFairly) {
  Scene scene;
  scene.pool.behavior.scale_down.policies = {{Type::kPods, 3, Seconds{60}}};
  scene.pool.behavior.scale_up.policies = {{Type::kPods, 3, Seconds{60}}};
  EXPECT_EQ(rate_limit(scene.inputs(), fleet({0, 0, 0})).fleet, fleet({9, 9, 9}));
  EXPECT_EQ(rate_limit(scene.inputs(), fleet({20, 20, 20})).fleet, fleet({11, 11, 11}));
}

TEST(Pacing, OrdersNoMoreThanAStepWithinItsInterval) {
  Scene scene;
  scene.pool.pacing = {.step = Replicas{30}, .interval = Seconds{60}};
  const auto first = pacing(scene.inputs(), fleet({40, 40, 40}));
  EXPECT_EQ(first.fleet, fleet({20, 20, 20}));
  EXPECT_EQ(reason_of(first), reason::kPaceOfSteps);
  scene.memory.scale_events = {{kEvening - Seconds{59}, 24}, {kEvening - Seconds{30}, -9}};
  EXPECT_EQ(pacing(scene.inputs(), fleet({40, 40, 40})).fleet, fleet({12, 12, 12}));
  scene.memory.scale_events = {{kEvening - Seconds{60}, 24}};
  EXPECT_EQ(pacing(scene.inputs(), fleet({40, 40, 40})).fleet, fleet({20, 20, 20}));
}

TEST(Pacing, LeavesSmallRisesAndFallsAlone) {
  Scene scene;
  scene.pool.pacing = {.step = Replicas{5}, .interval = Seconds{60}};
  EXPECT_FALSE(pacing(scene.inputs(), fleet({12, 12, 11})).verdict);
  EXPECT_FALSE(pacing(scene.inputs(), fleet({0, 0, 10})).verdict);
}

/// What falls beside the rise may be held by a later guard, and is no room for more.
TEST(Pacing, CountsARiseWithoutTheFallBesideIt) {
  Scene scene;
  scene.pool.pacing.step = Replicas{5};
  EXPECT_EQ(pacing(scene.inputs(), fleet({4, 20, 10})).fleet, fleet({5, 15, 10}));
  EXPECT_EQ(apply(all_guards(), scene.inputs(), fleet({4, 20, 10})).fleet, fleet({10, 15, 10}));
}

/// A rise in all becomes no fall, and a fall none that is deeper than wanted, and maybe allowed.
TEST(Pacing, LetsNoMoreGoBecauseRisesWait) {
  Scene scene;
  scene.pool.pacing = {.step = Replicas{2}, .interval = Seconds{60}};
  scene.memory.scale_events = {{kEvening - Seconds{30}, 2}};
  EXPECT_EQ(pacing(scene.inputs(), fleet({12, 10, 9})).fleet, fleet({10, 10, 10}));
  EXPECT_EQ(pacing(scene.inputs(), fleet({12, 10, 7})).fleet, fleet({10, 10, 9}));
}

TEST(Pacing, GivesWayToTheFloor) {
  Scene scene;
  scene.pool.pacing.step = Replicas{5};
  scene.floor = fleet({20, 20, 20});
  EXPECT_EQ(apply(all_guards(), scene.inputs(), fleet({30, 30, 30})).fleet, fleet({20, 20, 20}));
}

}  // namespace
}  // namespace edgetide::guard
