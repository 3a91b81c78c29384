#include <gmock/gmock.h>

#include "edgetide/guard/guard.h"
#include "edgetide/model/reasons.h"
#include "support/pools.h"

namespace edgetide::guard {
namespace {

using testing::HasSubstr;
using namespace testing_support;
namespace reason = model::reason;

/// A pool with a settled memory: nothing but the guard under test has anything to say.
struct Scene {
  model::EdgePool pool = three_domains();
  model::Observation observation = observed(pool, {10, 10, 10}, fresh(10'000));
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  model::ForecastStage stage = model::ForecastStage::kWeekly;
  Fleet floor = fleet({0, 0, 0});

  [[nodiscard]] GuardInputs inputs() const {
    return {.pool = pool,
            .observation = observation,
            .memory = memory,
            .stage = stage,
            .floor = floor,
            .at_maximum = fleet({67, 67, 66}),
            .minimum = pool.replicas.min,
            .now = kEvening};
  }
};

std::string reason_of(const Guarded& guarded) {
  return guarded.verdict ? guarded.verdict->reason : "";
}

TEST(FreshnessGuard, FreshAndCompleteDataMayLower) {
  const Scene scene;
  const auto guarded = freshness(scene.inputs(), fleet({5, 5, 5}));
  EXPECT_EQ(guarded.fleet, fleet({5, 5, 5}));
  EXPECT_FALSE(guarded.verdict);
}

TEST(FreshnessGuard, AnyDoubtOnlyRaises) {
  using model::Freshness;
  const auto expect_only_raises = [](const Scene& scene, const char* what) {
    SCOPED_TRACE(what);
    EXPECT_EQ(freshness(scene.inputs(), fleet({5, 10, 15})).fleet, fleet({10, 10, 15}));
  };
  for (const auto freshness_of_viewers : {Freshness::kStale, Freshness::kPartial}) {
    Scene scene;
    scene.observation.demand.viewers.freshness = freshness_of_viewers;
    expect_only_raises(scene, "viewers");
  }
  Scene unforecast;
  unforecast.stage = model::ForecastStage::kNone;
  expect_only_raises(unforecast, "forecast");
  Scene egress;
  egress.pool.capacity.egress = BitsPerSecond{8e9};
  expect_only_raises(egress, "egress never read");
  egress.observation.demand.egress = fresh(1e9);
  egress.observation.demand.egress->freshness = Freshness::kMissing;
  expect_only_raises(egress, "egress missing");
}

TEST(FreshnessGuard, WithoutViewersThePolicyDecides) {
  for (const auto how : {model::Freshness::kMissing, model::Freshness::kInvalid,
                         model::Freshness::kAmbiguous, model::Freshness::kFailed}) {
    Scene scene;
    scene.observation.demand.viewers = {.freshness = how, .detail = "no series"};
    scene.pool.on_missing_demand = model::OnMissingDemand::kHold;
    EXPECT_EQ(freshness(scene.inputs(), fleet({5, 12, 15})).fleet, fleet({10, 10, 10}));
    scene.pool.on_missing_demand = model::OnMissingDemand::kRaiseToForecast;
    EXPECT_EQ(freshness(scene.inputs(), fleet({5, 12, 15})).fleet, fleet({10, 12, 15}));
    scene.pool.on_missing_demand = model::OnMissingDemand::kRaiseToMax;
    const auto raised = freshness(scene.inputs(), fleet({5, 12, 15}));
    EXPECT_EQ(raised.fleet, fleet({67, 67, 66}));
    EXPECT_EQ(reason_of(raised), reason::kDemandMissingRaisedToMaximum);
    EXPECT_THAT(raised.verdict->detail, HasSubstr("no series"));
  }
}

TEST(Stabilization, LowersNoFurtherThanTheWindowsHighestRecommendation) {
  Scene scene;
  scene.memory.recommendations = {{kEvening - Seconds{121}, fleet({9, 9, 9})},
                                  {kEvening - Seconds{120}, fleet({8, 4, 4})},
                                  {kEvening - Seconds{30}, fleet({6, 6, 4})}};
  const auto guarded = stabilization(scene.inputs(), fleet({5, 5, 5}));
  EXPECT_EQ(guarded.fleet, fleet({8, 6, 5}));  // the 9s are older than 120 s
  EXPECT_EQ(reason_of(guarded), reason::kWithinStabilizationWindow);
}

/// 30 replicas, of which 10 % are 3.
TEST(DeadBand, ARiseIsNotTurnedBackForLittle) {
  Scene scene;
  scene.memory.scale_events = {{kEvening - Seconds{2700}, 1}};
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
  old.memory.scale_events = {{kEvening - Seconds{2701}, 1}};
  EXPECT_EQ(dead_band(old.inputs(), fleet({9, 10, 10})).fleet, fleet({9, 10, 10}));
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

TEST(InFlight, NothingFallsWhileSomethingRisesOrStarts) {
  Scene scene;
  EXPECT_EQ(in_flight(scene.inputs(), fleet({5, 5, 11})).fleet, fleet({10, 10, 11}));
  EXPECT_EQ(in_flight(scene.inputs(), fleet({5, 5, 5})).fleet, fleet({5, 5, 5}));
  scene.observation.domains[1].ready = Replicas{4};  // 4 Ready of the 5 that are to stay
  const auto guarded = in_flight(scene.inputs(), fleet({5, 5, 5}));
  EXPECT_EQ(guarded.fleet, fleet({10, 10, 10}));
  EXPECT_EQ(reason_of(guarded), reason::kReplicasInFlight);
}

// What a slower fall or the floor adds is to be kept, too.
TEST(OneDomainAtATime, LowersTheFullest) {
  Scene scene;
  scene.observation = observed(scene.pool, {10, 12, 10}, fresh(10'000));
  const auto guarded = one_domain_at_a_time(scene.inputs(), fleet({5, 5, 5}));
  EXPECT_EQ(guarded.fleet, fleet({10, 5, 10}));
  EXPECT_EQ(reason_of(guarded), reason::kOneDomainAtATime);
}

TEST(OneDomainAtATime, IsOfNoUseWhereNoLossMustBeSurvived) {
  Scene scene;
  scene.pool.redundancy.survive = model::Survive::kNone;
  EXPECT_EQ(one_domain_at_a_time(scene.inputs(), fleet({5, 5, 5})).fleet, fleet({5, 5, 5}));
}

TEST(OneDomainAtATime, TakesTheLaterOfTwo) {
  const Scene scene;
  EXPECT_EQ(one_domain_at_a_time(scene.inputs(), fleet({5, 5, 10})).fleet, fleet({10, 5, 10}));
}

TEST(OneDomainAtATime, SaysNothingOfOneFallOrRises) {
  const Scene scene;
  for (const auto& wanted : {fleet({10, 5, 10}), fleet({12, 13, 14}), fleet({10, 10, 10})}) {
    const auto guarded = one_domain_at_a_time(scene.inputs(), wanted);
    EXPECT_EQ(guarded.fleet, wanted);
    EXPECT_FALSE(guarded.verdict);
  }
}

TEST(InFlight, CountsWhatLaterGuardsKeep) {
  Scene paced;
  paced.pool.behavior.scale_down.policies = {
      {.type = model::ScalingPolicy::Type::kPods, .value = 3, .period = Seconds{60}}};
  paced.observation.domains[0].ready = Replicas{4};
  EXPECT_EQ(apply(all_guards(), paced.inputs(), fleet({4, 10, 10})).fleet, fleet({10, 10, 10}));
  Scene floored;
  floored.floor = fleet({0, 12, 0});
  EXPECT_EQ(apply(all_guards(), floored.inputs(), fleet({9, 9, 9})).fleet, fleet({10, 12, 10}));
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
  EXPECT_EQ(pacing(scene.inputs(), fleet({4, 20, 10})).fleet, fleet({4, 15, 10}));
  EXPECT_EQ(apply(all_guards(), scene.inputs(), fleet({4, 20, 10})).fleet, fleet({10, 15, 10}));
}

TEST(Pacing, GivesWayToTheFloor) {
  Scene scene;
  scene.pool.pacing.step = Replicas{5};
  scene.floor = fleet({20, 20, 20});
  EXPECT_EQ(apply(all_guards(), scene.inputs(), fleet({30, 30, 30})).fleet, fleet({20, 20, 20}));
}

TEST(InFlight, ColdCachesDoNotServeYet) {
  Scene scene;
  scene.observation.domains[1].cold = Replicas{1};
  const auto guarded = in_flight(scene.inputs(), fleet({9, 10, 10}));
  EXPECT_EQ(guarded.fleet, fleet({10, 10, 10}));
  EXPECT_THAT(guarded.verdict->detail, HasSubstr("has 9 Ready and warm of the 10"));
}

TEST(RedundancyFloor, BeatsWhateverCameBefore) {
  Scene scene;
  scene.floor = fleet({12, 12, 11});
  const auto guarded = redundancy_floor(scene.inputs(), fleet({5, 5, 20}));
  EXPECT_EQ(guarded.fleet, fleet({12, 12, 20}));
  EXPECT_EQ(reason_of(guarded), reason::kRaisedToRedundancyFloor);
}

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

TEST(Bounds, ADomainThatIsNotKnownCountsAsLastSeen) {
  Scene scene;
  scene.pool.replicas = {.min = Replicas{3}, .max = Replicas{50}};
  scene.observation.domains[2] = {.name = "c", .known = false, .detail = "not found"};
  scene.memory.ordered = {Replicas{10}, Replicas{10}, Replicas{20}};
  EXPECT_EQ(bounds(scene.inputs(), fleet({20, 20, 10})).fleet, fleet({15, 15, 0}));
  EXPECT_EQ(bounds(scene.inputs(), fleet({1, 1, 1})).fleet, fleet({1, 1, 0}));
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
