#include <gtest/gtest.h>

#include "edgetide/model/reasons.h"
#include "unit/guard/scene.h"

namespace edgetide::guard {
namespace {

namespace reason = model::reason;

model::Pause until_later(std::optional<Replicas> replicas = std::nullopt) {
  return {.until = kEvening + Seconds{1}, .replicas = replicas};
}

TEST(Pause, WhatStandsStaysAndOnlyTheFloorMayRaiseIt) {
  Scene scene;
  scene.floor = fleet({6, 6, 12});
  EXPECT_FALSE(pause(scene.inputs(), fleet({5, 5, 5})).verdict);
  scene.pool.pause = until_later();
  const auto lowered = pause(scene.inputs(), fleet({5, 5, 5}));
  EXPECT_EQ(lowered.fleet, fleet({10, 10, 12}));
  EXPECT_EQ(reason_of(lowered), reason::kPaused);
  EXPECT_EQ(pause(scene.inputs(), fleet({50, 50, 50})).fleet, fleet({10, 10, 12}));
}

TEST(Pause, EndsByItself) {
  Scene scene;
  scene.pool.pause = {.until = kEvening, .replicas = Replicas{9}};
  EXPECT_EQ(pause(scene.inputs(), fleet({5, 5, 5})).fleet, fleet({5, 5, 5}));
}

TEST(Pause, ANumberHoldsBelowTheFloorAndInDoubtAndWithinTheBounds) {
  Scene scene;
  scene.floor = fleet({8, 8, 8});
  scene.observation.demand.viewers.freshness = model::Freshness::kMissing;
  const auto guarded = [&](int replicas) {
    scene.pool.pause = until_later(Replicas{replicas});
    return apply(all_guards(), scene.inputs(), fleet({40, 40, 40}));
  };
  EXPECT_EQ(guarded(14).fleet, fleet({5, 5, 4}));
  EXPECT_EQ(guarded(32).fleet, fleet({11, 11, 10}));
  EXPECT_EQ(guarded(1).fleet, fleet({1, 1, 1}));
  EXPECT_EQ(guarded(1).verdicts.back().reason, reason::kRaisedToMinimum);
  EXPECT_EQ(model::total(guarded(300).fleet), Replicas{200});
  EXPECT_EQ(guarded(300).verdicts.back().reason, reason::kMaximumReached);
}

TEST(Bounds, AMaximumLimitsRisesAndNeverLowersAtOnce) {
  Scene scene;
  scene.pool.replicas.max = Replicas{33};
  EXPECT_EQ(bounds(scene.inputs(), fleet({20, 20, 20})).fleet, fleet({11, 11, 11}));
  scene.pool.replicas.max = Replicas{20};
  const auto above = bounds(scene.inputs(), fleet({20, 10, 10}));
  EXPECT_EQ(above.fleet, fleet({10, 10, 10}));
  EXPECT_EQ(reason_of(above), reason::kMaximumReached);
}

TEST(Bounds, DomainsHoldWhatTheyCanAndTheMinimumFindsRoom) {
  Scene scene;
  scene.pool.domains[0].max_replicas = Replicas{2};
  scene.observation = observed(scene.pool, {2, 1, 1}, fresh(0));
  EXPECT_EQ(bounds(scene.inputs(), fleet({5, 1, 1})).fleet, fleet({2, 1, 1}));
  scene.pool.replicas.min = Replicas{9};
  EXPECT_EQ(bounds(scene.inputs(), fleet({2, 1, 1})).fleet, fleet({2, 4, 3}));
}

TEST(Contention, AThirdLoweringWithinTenMinutesIsAFight) {
  Scene scene;
  auto& memory = scene.memory;
  Instant now = kEvening;
  for (int fight = 1; fight <= 3; ++fight) {
    memory.ordered = {Replicas{12}, std::nullopt, std::nullopt};
    notice_other_hands(memory, scene.pool, scene.observation, now);  // 10 where 12 were ordered
    EXPECT_EQ(contended(memory, now), fight == 3);
    now += Seconds{60};
  }
  const auto guarded = contention(scene.inputs(), fleet({20, 20, 20}));
  EXPECT_EQ(guarded.fleet, fleet({10, 10, 10}));
  EXPECT_EQ(reason_of(guarded), reason::kContended);
  EXPECT_FALSE(contended(memory, kEvening + Seconds{600}));
}

/// One hand that sets every target once, such as the apply of a manifest, is no fight.
TEST(Contention, TargetsAreCountedEachByItself) {
  Scene scene;
  Instant now = kEvening;
  for (std::size_t domain = 0; domain < 3; ++domain, now += Seconds{1}) {
    scene.memory.ordered.assign(3, std::nullopt);
    scene.memory.ordered[domain] = Replicas{12};
    notice_other_hands(scene.memory, scene.pool, scene.observation, now);
  }
  EXPECT_FALSE(contended(scene.memory, now));
}

TEST(Contention, OneLoweringCountsOnceAndARaiseIsTakenOver) {
  Scene scene;
  scene.memory.ordered = {Replicas{12}, Replicas{8}, std::nullopt};
  notice_other_hands(scene.memory, scene.pool, scene.observation, kEvening);
  notice_other_hands(scene.memory, scene.pool, scene.observation, kEvening + Seconds{15});
  EXPECT_EQ(scene.memory.foreign_lowerings.size(), 1u);
  EXPECT_EQ(scene.memory.ordered[1], Replicas{10});
}

/// After a restart the first lowering may come before the first order.
TEST(Contention, WhatWasFoundCountsLikeWhatWasOrdered) {
  Scene scene;
  notice_other_hands(scene.memory, scene.pool, scene.observation, kEvening);  // 10 are found
  scene.observation.domains[0].specified = Replicas{1};
  notice_other_hands(scene.memory, scene.pool, scene.observation, kEvening + Seconds{15});
  EXPECT_EQ(scene.memory.foreign_lowerings.size(), 1u);
}

TEST(Bounds, WhatMayStandUnseenCountsForTheMaximumAndWhatWasSeenForTheMinimum) {
  Scene scene;
  scene.pool.replicas = {.min = Replicas{3}, .max = Replicas{50}};
  scene.observation.domains[2] = {.name = "c", .known = false, .detail = "not found"};
  scene.unseen = Replicas{20};
  EXPECT_EQ(bounds(scene.inputs(), fleet({20, 20, 10})).fleet, fleet({15, 15, 0}));
  scene.pool.replicas.min = Replicas{26};
  EXPECT_EQ(bounds(scene.inputs(), fleet({1, 1, 1})).fleet, fleet({13, 13, 0}));
  scene.memory.ordered = {Replicas{10}, Replicas{10}, Replicas{20}};
  EXPECT_EQ(bounds(scene.inputs(), fleet({1, 1, 1})).fleet, fleet({3, 3, 0}));
}

TEST(Contention, InDryRunTheTargetsAreOthersToSet) {
  Scene scene;
  scene.pool.mode = model::Mode::kDryRun;
  scene.memory.ordered = {Replicas{12}, Replicas{12}, Replicas{12}};
  notice_other_hands(scene.memory, scene.pool, scene.observation, kEvening);
  EXPECT_TRUE(scene.memory.foreign_lowerings.empty());
}

TEST(Apply, NeverWritesToADomainThatIsNotKnown) {
  Scene scene;
  scene.observation.domains[2] = {.name = "c", .known = false, .detail = "not found"};
  scene.floor = fleet({12, 12, 12});
  EXPECT_EQ(apply(all_guards(), scene.inputs(), fleet({5, 5, 5})).fleet, fleet({12, 12, 0}));
}

}  // namespace
}  // namespace edgetide::guard
