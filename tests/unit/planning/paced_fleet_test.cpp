#include "planning/paced_fleet.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace edgetide::planning {
namespace {

using Rules = model::ScalingRules;

model::EdgePool rising_by(Rules rules) {
  model::EdgePool pool;
  pool.behavior.scale_up = std::move(rules);
  return pool;
}
using Policy = model::ScalingPolicy;

TEST(PacedFleet, GrowsByWholePeriodsTheFirstAtOnce) {
  const auto pool =
      rising_by({.policies = {{.type = Policy::Type::kPods, .value = 4, .period = Seconds{60}}}});
  PacedFleet fleet(pool, {.total = Replicas{10}});
  EXPECT_EQ(fleet.most_at(Seconds{0}), Replicas{14});
  EXPECT_EQ(fleet.most_at(Seconds{59}), Replicas{14});
  EXPECT_EQ(fleet.most_at(Seconds{120}), Replicas{22});
}

TEST(PacedFleet, ThereIsRoomForWhatWasNotOrdered) {
  const auto pool =
      rising_by({.policies = {{.type = Policy::Type::kPods, .value = 4, .period = Seconds{60}}}});
  PacedFleet fleet(pool, {.total = Replicas{10}});
  fleet.order(Replicas{12}, Seconds{30});
  EXPECT_EQ(fleet.most_at(Seconds{45}), Replicas{14});
  EXPECT_EQ(fleet.most_at(Seconds{60}), Replicas{16});  // the first two are a minute old
  EXPECT_EQ(fleet.most_at(Seconds{105}), Replicas{18});
}

/// What might have been ordered meanwhile, and was not, uses no period up.
TEST(PacedFleet, ForgetsBeyondWhatIsOrdered) {
  const auto pool =
      rising_by({.policies = {{.type = Policy::Type::kPods, .value = 4, .period = Seconds{60}}}});
  PacedFleet fleet(pool, {.total = Replicas{10}});
  EXPECT_EQ(fleet.most_at(Seconds{75}), Replicas{18});
  fleet.order(Replicas{12}, Seconds{90});
  EXPECT_EQ(fleet.most_at(Seconds{105}), Replicas{16});  // two were, at once
}

TEST(PacedFleet, ReachesWhatMayStandByThen) {
  const auto pool =
      rising_by({.policies = {{.type = Policy::Type::kPods, .value = 4, .period = Seconds{60}}}});
  for (const Seconds then : {Seconds{0}, Seconds{59}, Seconds{60}, Seconds{600}}) {
    const Replicas most = PacedFleet(pool, {.total = Replicas{10}}).most_at(then);
    PacedFleet fleet(pool, {.total = Replicas{10}});
    EXPECT_TRUE(fleet.reaches(Replicas{10}, then));
    EXPECT_TRUE(fleet.reaches(most, then));
    EXPECT_FALSE(fleet.reaches(most + Replicas{1}, then));
  }
}

TEST(PacedFleet, WhatWasWrittenOfLateUsesItsPeriodUp) {
  const Instant now{Seconds{1'000'000}};
  const std::vector<model::PlanMemory::ScaleEvent> changes{{now - Seconds{40}, 3},
                                                           {now - Seconds{10}, -5}};
  const auto pool =
      rising_by({.policies = {{.type = Policy::Type::kPods, .value = 4, .period = Seconds{60}}}});
  PacedFleet fleet(pool, {.total = Replicas{10}, .changes = changes, .now = now});
  EXPECT_EQ(fleet.most_at(Seconds{15}), Replicas{11});
  EXPECT_EQ(fleet.most_at(Seconds{30}), Replicas{14});
}

TEST(PacedFleet, GrowsByPercentRoundedUpAsTheHpaDoes) {
  const auto pool = rising_by({.policies = {{.value = 10, .period = Seconds{60}}}});
  PacedFleet fleet(pool, {.total = Replicas{3}});
  EXPECT_EQ(fleet.most_at(Seconds{0}), Replicas{4});
  EXPECT_EQ(fleet.most_at(Seconds{60}), Replicas{5});
}

TEST(PacedFleet, ThePolicyThatIsSelectedDecides) {
  Rules rules{.policies = {{.type = Policy::Type::kPods, .value = 4, .period = Seconds{60}},
                           {.value = 100, .period = Seconds{60}}}};
  const auto most = [&] {
    const auto pool = rising_by(rules);
    return PacedFleet(pool, {.total = Replicas{10}}).most_at(Seconds{0});
  };
  EXPECT_EQ(most(), Replicas{20});
  rules.select = Rules::Select::kMin;
  EXPECT_EQ(most(), Replicas{14});
  rules.select = Rules::Select::kDisabled;
  EXPECT_EQ(most(), Replicas{10});
}

TEST(PacedFleet, GrowsNoFasterThanTheStepsOfThePoolsPacing) {
  auto pool = rising_by({});
  EXPECT_EQ(PacedFleet(pool, {.total = Replicas{10}}).most_at(Seconds{60}), Replicas{410});
  pool.pacing = {.step = Replicas{50}, .interval = Seconds{30}};
  PacedFleet fleet(pool, {.total = Replicas{10}});
  EXPECT_EQ(fleet.most_at(Seconds{0}), Replicas{60});
  EXPECT_EQ(fleet.most_at(Seconds{60}), Replicas{160});
}

/// Nothing is ordered between two decisions.
TEST(PacedFleet, APeriodIsOverAtTheNextDecision) {
  auto pool = rising_by({});
  pool.pacing = {.step = Replicas{1}, .interval = Seconds{20}};
  EXPECT_EQ(PacedFleet(pool, {.total = Replicas{0}}).most_at(Seconds{60}), Replicas{3});
}

}  // namespace
}  // namespace edgetide::planning
