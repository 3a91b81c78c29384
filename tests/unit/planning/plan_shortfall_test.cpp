#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "edgetide/planning/plan.h"
#include "unit/planning/scene.h"

namespace edgetide::planning {
namespace {

using testing::HasSubstr;
namespace reason = model::reason;

TEST(Plan, ARiseThatComesTooLateForItsStepsIsAShortfall) {
  Scene scene;
  scene.pool.pacing = {.step = Replicas{6}, .interval = Seconds{60}};
  scene.to_rise = scene.to_fall = 30'000;  // 60
  const auto report = scene.plan().report;
  EXPECT_EQ(report.plan.total_to(), Replicas{36});
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kPaceOfSteps);
  EXPECT_EQ(report.shortfall->required, Replicas{60});
  EXPECT_EQ(report.shortfall->granted, Replicas{36});
}

TEST(Plan, WhatHelpsAgainstAQuotaIsToldOfAllThatIsNeededNotOfOneStep) {
  Scene scene;
  scene.pool.pacing = {.step = Replicas{6}, .interval = Seconds{60}};
  scene.to_rise = scene.to_fall = 30'000;  // 60, of which 36 may be ordered now
  scene.observation.room = {.quota = {{Replicas{32}, "ResourceQuota edge"}}};
  const auto report = scene.plan().report;
  EXPECT_EQ(report.plan.total_to(), Replicas{36});
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kQuotaReached);
  EXPECT_EQ(report.shortfall->missing(), Replicas{28}) << "of 60";
  EXPECT_THAT(report.shortfall->detail, HasSubstr("raise it by what 28 replicas take"));
}

TEST(Plan, AMaximumIsAShortfallAndNeverASilentClip) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.pool.replicas.max = Replicas{45};
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{15, 15, 15}));
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->required, Replicas{60});
  EXPECT_EQ(result.report.shortfall->granted, Replicas{45});
  EXPECT_EQ(result.report.shortfall->cause, reason::kMaximumReached);
  EXPECT_THAT(result.report.shortfall->detail, HasSubstr("raise it to 60"));
  EXPECT_EQ(status_of(result, "CapacityShortfall"), "True");
  EXPECT_EQ(status_of(result, "ScalingLimited"), "True");
}

TEST(Plan, ADomainThatCannotBeReadIsTheCauseOfWhatIsNotOrderedThere) {
  Scene scene;
  scene.observation = observed(scene.pool, {5, 5, 5}, fresh(14'000));
  scene.to_rise = scene.to_fall = 14'000;
  auto& unread = scene.observation.domains[1];
  unread.known = false;
  unread.detail = "403 Forbidden";
  const auto report = scene.plan().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kTargetUnknown);
  EXPECT_EQ(report.shortfall->detail,
            "domain b: 403 Forbidden; nothing is ordered there until it can be read");
}

TEST(Plan, ALoadThatIsNotKnownIsNotSaidToBeEnoughFor) {
  Scene scene;
  EXPECT_EQ(status_of(scene.plan(), "CapacityShortfall"), "False");
  scene.pool.capacity.egress = BitsPerSecond{8e9};
  scene.observation.demand.egress =
      model::Reading{.freshness = model::Freshness::kMissing, .detail = "no series answered"};
  const auto result = scene.plan();
  ASSERT_FALSE(result.report.shortfall);
  const auto& told = model::condition(result.report, "CapacityShortfall");
  EXPECT_EQ(told.status, model::ConditionStatus::kUnknown);
  EXPECT_EQ(told.message,
            "what is known to be needed can be had; egress is not known, which may take more (no "
            "series answered)");
  scene.pool.replicas.max = Replicas{3};
  scene.to_rise = scene.to_fall = 30'000;
  EXPECT_EQ(status_of(scene.plan(), "CapacityShortfall"), "True") << "what is known is short";
}

TEST(Plan, WhatIsOrderedAndFindsNoRoomIsAShortfallAndIsOrderedForAllThat) {
  struct Case {
    const char* cause;
    int granted;
    model::Room room;
    const char* words;
  };
  const std::vector<Case> cases{
      {reason::kQuotaReached, 42, {.quota = {{Replicas{42}, "ResourceQuota edge"}}}, "18 replicas"},
      {reason::kNodesFull,
       50,
       {.on_nodes = {Replicas{10}, std::nullopt, Replicas{30}}},
       "no node takes in 10 of a"},
      {reason::kNodesFull, 50, {.nodes = {{Replicas{50}, ""}}}, "the nodes hold 50"},
  };
  for (const auto& [cause, granted, room, words] : cases) {
    Scene scene;
    scene.to_rise = scene.to_fall = 30'000;
    scene.observation.room = room;
    const auto result = scene.plan();
    EXPECT_EQ(desired(result), (std::vector{20, 20, 20}));
    ASSERT_TRUE(result.report.shortfall);
    EXPECT_EQ(result.report.shortfall->required, Replicas{60});
    EXPECT_EQ(result.report.shortfall->granted, Replicas{granted});
    EXPECT_EQ(result.report.shortfall->cause, cause);
    EXPECT_THAT(result.report.shortfall->detail, HasSubstr(words));
  }
}

TEST(Plan, RoomThatIsNotNeededIsNoShortfall) {
  Scene scene;  // 30 stand, where 21 are needed
  scene.observation.room = {.quota = {{Replicas{25}, "ResourceQuota edge"}}};
  EXPECT_FALSE(scene.plan().report.shortfall);
  scene.observation.room = {.unknown = "room on the nodes is not known"};
  scene.to_rise = scene.to_fall = 30'000;
  EXPECT_FALSE(scene.plan().report.shortfall);
}

TEST(Plan, WhatTheSchedulerFindsNoNodeForIsAShortfallAfterALeadTime) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.observation = observed(scene.pool, {20, 20, 20}, fresh(10'000));
  scene.observation.domains[1].ready = Replicas{14};
  scene.observation.domains[1].starting = Replicas{6};
  scene.observation.domains[1].unschedulable = {
      .replicas = Replicas{6}, .since = kEvening - Seconds{60}, .detail = "0/9 nodes: cpu"};
  EXPECT_FALSE(scene.plan().report.shortfall);
  const auto result = scene.plan(kEvening + Seconds{300});
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->cause, reason::kNodesFull);
  EXPECT_EQ(result.report.shortfall->granted, Replicas{54});
  EXPECT_EQ(result.report.shortfall->detail,
            "no node takes in 6 of b; the scheduler says: 0/9 nodes: cpu");
  scene.observation.domains[1].ready = Replicas{20};  // what waits is one more of a rollout
  EXPECT_FALSE(scene.plan(kEvening + Seconds{300}).report.shortfall);
}

/// Twenty of b are asked for, and 25 are there: the nodes have room for twenty, of which four of
/// the new version are not Ready yet.
Scene with_a_rollout_on_full_nodes() {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.observation = observed(scene.pool, {20, 20, 20}, fresh(10'000));
  scene.observation.domains[1].ready = Replicas{16};
  scene.observation.domains[1].starting = Replicas{9};
  scene.observation.domains[1].unschedulable = {
      .replicas = Replicas{5}, .since = kEvening - Seconds{900}, .detail = "0/9 nodes: cpu"};
  scene.observation.domains[1].unready_since.assign(4, kEvening - Seconds{60});
  return scene;
}

TEST(Plan, WhatARolloutAddsIsNotMissing) {
  auto scene = with_a_rollout_on_full_nodes();
  EXPECT_FALSE(scene.plan().report.shortfall) << "twenty of 25 have a node";
  scene.observation.domains[1].unready_since.assign(4, kEvening - Seconds{900});
  auto report = scene.plan().report;
  ASSERT_TRUE(report.shortfall) << "the four do not become Ready";
  EXPECT_EQ(report.shortfall->cause, reason::kReplicasNotReady);
  EXPECT_EQ(report.shortfall->granted, Replicas{56});
  scene.observation.domains[1].unschedulable->replicas = Replicas{7};
  scene.observation.domains[1].unready_since.assign(2, kEvening - Seconds{60});
  report = scene.plan().report;
  ASSERT_TRUE(report.shortfall) << "eighteen have a node";
  EXPECT_EQ(report.shortfall->cause, reason::kNodesFull);
  EXPECT_EQ(report.shortfall->granted, Replicas{58});
  scene.observation.domains[1].unschedulable.reset();
  scene.observation.domains[1].unready_since.assign(5, kEvening - Seconds{900});
  EXPECT_FALSE(scene.plan().report.shortfall) << "five are late, and four more are to come";
}

TEST(Plan, WhatFindsNoNodeAndIsMissedAfterALossIsAShortfallWhateverTheTotal) {
  Scene scene;
  scene.observation = observed(scene.pool, {7, 30, 7}, fresh(10'000));  // 14 left without b
  EXPECT_FALSE(scene.plan().report.shortfall);
  scene.observation.domains[0].ready = Replicas{1};
  scene.observation.domains[0].starting = Replicas{6};
  scene.observation.domains[0].unschedulable = {
      .replicas = Replicas{6}, .since = kEvening - Seconds{3600}, .detail = "0/9 nodes: cpu"};
  const auto result = scene.plan();
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->cause, reason::kNodesFull);
  EXPECT_EQ(result.report.shortfall->required - result.report.shortfall->granted, Replicas{6});
}

/// Six of b have had a node for so long and are not Ready.
Scene with_starts_under_way(Seconds since) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.observation = observed(scene.pool, {20, 20, 20}, fresh(10'000));
  scene.observation.domains[1].ready = Replicas{14};
  scene.observation.domains[1].starting = Replicas{6};
  scene.observation.domains[1].unready_since.assign(6, kEvening - since);
  return scene;
}

TEST(Plan, WhatHasANodeAndIsNotReadyIsAShortfallAQuarterAfterTheLeadTime) {
  EXPECT_FALSE(with_starts_under_way(Seconds{375}).plan().report.shortfall);
  auto scene = with_starts_under_way(Seconds{376});
  const auto result = scene.plan();
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->cause, reason::kReplicasNotReady);
  EXPECT_EQ(result.report.shortfall->granted, Replicas{54});
  EXPECT_EQ(model::condition(result.report, "CapacityShortfall").reason, reason::kReplicasNotReady);
  EXPECT_THAT(result.report.summary,
              HasSubstr("SHORT of 6 replicas: 6 of b have a node and have not become Ready within "
                        "the lead time of 5m: their events and logs say why"));
  scene.observation.domains[1].ready = Replicas{20};  // what starts is six more of a rollout
  EXPECT_FALSE(scene.plan().report.shortfall);
}

TEST(Plan, WhatHasJustBeenOrderedIsNoLateStart) {
  auto scene = with_starts_under_way(Seconds{900});
  auto& unready = scene.observation.domains[1].unready_since;
  std::fill(unready.begin() + 1, unready.end(), kEvening - Seconds{60});
  auto result = scene.plan();
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->granted, Replicas{59}) << "one of six is late";
  scene.to_rise = scene.to_fall = 45'000;  // 90, of which 30 are ordered now
  result = scene.plan();
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->granted, Replicas{89});
  scene.to_rise = scene.to_fall = 10'000;
  EXPECT_FALSE(scene.plan().report.shortfall) << "59 are more than are needed";
}

TEST(Plan, LateStartsAndThoseWithoutANodeAddUp) {
  auto scene = with_starts_under_way(Seconds{900});
  scene.observation.domains[1].unready_since.pop_back();
  scene.observation.domains[1].unschedulable = {
      .replicas = Replicas{1}, .since = kEvening - Seconds{900}, .detail = "0/9 nodes: cpu"};
  const auto result = scene.plan();
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->granted, Replicas{54});
  EXPECT_EQ(result.report.shortfall->cause, reason::kReplicasNotReady);
  EXPECT_THAT(result.report.shortfall->detail,
              testing::StartsWith("no node takes in 1 of b; the scheduler says: 0/9 nodes: cpu; "
                                  "5 of b have a node"));
}

/// Three of b have had a node for long and are not Ready, and 60 are needed of the 30 asked for.
Scene with_late_starts_and_a_rise() {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.observation.domains[1].ready = Replicas{7};
  scene.observation.domains[1].starting = Replicas{3};
  scene.observation.domains[1].unready_since.assign(3, kEvening - Seconds{900});
  return scene;
}

TEST(Plan, WhatDoubtHoldsBackIsNotMissingForLateStarts) {
  auto scene = with_late_starts_and_a_rise();
  scene.observation.demand.viewers = {.freshness = model::Freshness::kMissing, .detail = "gone"};
  const auto report = scene.plan().report;
  EXPECT_EQ(report.plan.total_to(), Replicas{30}) << "held";
  EXPECT_EQ(report.sizing.with_redundancy, Replicas{60});
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kReplicasNotReady);
  EXPECT_EQ(report.shortfall->required, Replicas{30});
  EXPECT_EQ(report.shortfall->granted, Replicas{27});
}

TEST(Plan, OfStepsAndLateStartsTheLargerIsTheCauseOfItsOwnNumber) {
  auto scene = with_late_starts_and_a_rise();
  scene.pool.pacing = {.step = Replicas{6}, .interval = Seconds{60}};
  auto report = scene.plan().report;
  EXPECT_EQ(report.plan.total_to(), Replicas{36});
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kPaceOfSteps);
  EXPECT_EQ(report.shortfall->required - report.shortfall->granted, Replicas{24});
  EXPECT_THAT(report.shortfall->detail, HasSubstr("; 3 of b have a node and have not become"));
  scene.to_rise = scene.to_fall = 19'000;  // 38
  report = scene.plan().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kReplicasNotReady);
  EXPECT_EQ(report.shortfall->required - report.shortfall->granted, Replicas{3});
  EXPECT_THAT(report.shortfall->detail, HasSubstr("; the rise came too late for its steps"));
}

TEST(Plan, APauseThatLeavesTooFewIsAShortfall) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.pool.pause = {.until = kEvening + Seconds{3600}, .replicas = std::nullopt};
  const auto held = scene.plan();
  EXPECT_EQ(desired(held), (std::vector{10, 10, 10}));
  ASSERT_TRUE(held.report.shortfall);
  EXPECT_EQ(held.report.shortfall->cause, reason::kPaused);
  EXPECT_THAT(held.report.summary, HasSubstr("paused until"));
  EXPECT_EQ(status_of(held, "Paused"), "True");
  EXPECT_EQ(desired(scene.plan(kEvening + Seconds{3600})), (std::vector{20, 20, 20}));
  scene.pool.pause.reset();
  scene.pool.pause_problem = "'soon' is not a time";
  EXPECT_EQ(status_of(scene.plan(), "Paused"), "Unknown");
}

}  // namespace
}  // namespace edgetide::planning
