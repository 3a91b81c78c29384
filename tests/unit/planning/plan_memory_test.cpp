#include <gmock/gmock.h>

#include "edgetide/planning/plan.h"
#include "unit/planning/scene.h"

namespace edgetide::planning {
namespace {

TEST(Plan, ARestartRemembersNothingAndLowersNothing) {
  Scene scene;
  scene.to_rise = scene.to_fall = 1'000;
  scene.observation.demand.viewers.value = 1'000;
  scene.memory = {};
  const auto first = scene.plan();
  EXPECT_EQ(desired(first), (std::vector{10, 10, 10}));
  scene.memory = first.memory;
  EXPECT_EQ(desired(scene.plan(kEvening + Seconds{119})), (std::vector{10, 10, 10}));
}

// What a clock that was set back has remembered is still to come: it holds as a restart does, and
// no longer.
TEST(Plan, AClockThatIsSetBackHoldsForAWindowAndNotUntilItCatchesUp) {
  Scene scene;
  scene.observation.demand.viewers.value = 6'000;
  scene.to_rise = scene.to_fall = 6'000;
  const std::vector held{10, 10, 10};
  const Instant ahead = kEvening + Seconds{86'400};
  scene.memory.since = ahead - Seconds{300};
  scene.memory.recommendations = {{ahead, fleet({10, 10, 10})}};
  scene.memory.scale_events = {{ahead, -3}};
  auto result = scene.plan();
  EXPECT_EQ(desired(result), held);
  scene.memory = result.memory;
  result = scene.plan(kEvening + Seconds{119});
  EXPECT_EQ(desired(result), held);
  scene.memory = result.memory;
  EXPECT_LT(scene.plan(kEvening + Seconds{121}).report.plan.total_to(), Replicas{30});
}

/// A look that knows no viewers may raise to the maximum; the next, which knows them, wants less.
TEST(Plan, WhatDoubtHasRaisedStaysForAWindow) {
  Scene scene;
  scene.to_rise = scene.to_fall = 6'000;
  scene.pool.on_missing_demand = model::OnMissingDemand::kRaiseToMax;
  scene.observation.demand.viewers = {.freshness = model::Freshness::kMissing};
  const auto blind = scene.plan();
  const Replicas raised = blind.report.plan.total_to();
  ASSERT_GT(raised, model::total_specified(scene.observation));
  scene.memory = blind.memory;
  const auto fleet_of = desired(blind);
  const auto seen_at = [&](Seconds later) {
    scene.observation = observed(scene.pool, fleet_of, fresh(6'000, kEvening + later));
    const auto result = scene.plan(kEvening + later);
    scene.memory = result.memory;
    return result.report.plan.total_to();
  };
  EXPECT_EQ(seen_at(Seconds{30}), raised);
  EXPECT_EQ(seen_at(Seconds{119}), raised);
  EXPECT_LT(seen_at(Seconds{121}), raised);
}

TEST(Plan, AForeignLoweringIsRaisedBackUntilItIsAFight) {
  Scene scene;
  scene.to_rise = scene.to_fall = 15'000;
  Instant now = kEvening;
  for (int attempt = 1; attempt <= 3; ++attempt, now += Seconds{30}) {
    scene.observation = observed(scene.pool, {1, 10, 10}, fresh(10'000, now));
    scene.memory.ordered = {Replicas{10}, Replicas{10}, Replicas{10}};
    const auto result = scene.plan(now);
    scene.memory = result.memory;
    const bool fight = attempt == 3;
    EXPECT_EQ(desired(result), (std::vector{fight ? 1 : 10, 10, 10})) << attempt;
    EXPECT_EQ(result.report.contended, fight);
  }
}

/// What is remembered of the domains is remembered by their order.
TEST(Plan, OtherDomainsBeginANewMemory) {
  Scene scene;
  scene.to_rise = scene.to_fall = 1'000;
  scene.observation.demand.viewers.value = 1'000;
  scene.memory = scene.plan().memory;
  scene.memory.ordered = {Replicas{40}, Replicas{10}, Replicas{10}};
  scene.memory.recommendations.clear();
  EXPECT_EQ(desired(scene.plan()), (std::vector{10, 10, 1}));

  std::swap(scene.pool.domains[0], scene.pool.domains[2]);
  scene.observation = observed(scene.pool, {10, 10, 40}, fresh(1'000));
  const auto swapped = scene.plan();
  EXPECT_TRUE(swapped.memory.foreign_lowerings.empty());
  EXPECT_EQ(desired(swapped), (std::vector{10, 10, 40}));
}

TEST(NoteWritten, RemembersWhatWasOrderedAndWhen) {
  model::PlanMemory memory;
  const model::ScalingPlan plan{
      .domains = {{"a", Replicas{5}, Replicas{8}}, {"b", Replicas{9}, Replicas{7}}}};
  note_written(memory, plan, 0, kEvening);
  note_written(memory, plan, 1, kEvening + Seconds{1});
  EXPECT_EQ(memory.ordered[0], Replicas{8});
  EXPECT_EQ(memory.scale_events[1].change, -2);
}

TEST(Plan, CountsTheTimeInWhichDemandWasAboveReadyCapacity) {
  Scene scene;
  const auto look = [&](int minute, double viewers) {
    scene.observation.demand.viewers.value = viewers;
    scene.memory = scene.plan(kEvening + minute * Seconds{60}).memory;
    return scene.memory.service;
  };
  EXPECT_EQ(look(0, 30'000).judged, Seconds{0}) << "nothing lies before the first look";
  EXPECT_EQ(look(1, 30'000).short_for, Seconds{0}) << "30 Ready replicas carry 30,000 fully used";
  EXPECT_EQ(look(2, 30'001).short_for, Seconds{60});
  scene.observation.demand.viewers.freshness = model::Freshness::kStale;
  EXPECT_EQ(look(3, 30'001).judged, Seconds{120}) << "what is not known is not judged";
  scene.observation.demand.viewers.freshness = model::Freshness::kFresh;
  const auto record = look(63, 30'001);
  EXPECT_EQ(record.judged, Seconds{180}) << "an hour apart, a minute was seen";
  EXPECT_EQ(record.short_for, Seconds{120});
  scene.pool.domains[2].name = "d";
  scene.observation.domains[2].name = "d";
  EXPECT_EQ(look(64, 30'001).short_for, Seconds{180}) << "other domains end no record";
}

}  // namespace
}  // namespace edgetide::planning
