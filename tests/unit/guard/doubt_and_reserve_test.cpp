#include <gmock/gmock.h>

#include "edgetide/guard/verify.h"
#include "edgetide/model/reasons.h"
#include "unit/guard/scene.h"

namespace edgetide::guard {
namespace {

using testing::HasSubstr;
namespace reason = model::reason;

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
  Scene unread;
  unread.observation.history_problem = "gateway timeout";
  expect_only_raises(unread, "past");
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

TEST(InFlight, ColdCachesDoNotServeYet) {
  Scene scene;
  scene.observation.domains[1].cold = Replicas{1};
  const auto guarded = in_flight(scene.inputs(), fleet({9, 10, 10}));
  EXPECT_EQ(guarded.fleet, fleet({10, 10, 10}));
  EXPECT_THAT(guarded.verdict->detail, HasSubstr("has 9 Ready and warm of the 10"));
}

/// Else a fleet that has run out of nodes would never fall again.
TEST(InFlight, LowersOnlyWhatHasLongFoundNoNodeWhileThatIsMissing) {
  Scene scene;
  const auto waiting = [&](std::size_t domain, int replicas, Seconds since) {
    auto& seen = scene.observation.domains[domain];
    seen.ready = seen.specified - Replicas{replicas};
    seen.starting = Replicas{replicas};
    seen.unschedulable = {.replicas = Replicas{replicas},
                          .since = kEvening - Seconds{86'400},
                          .all_since = kEvening - since,
                          .detail = ""};
  };
  const Seconds long_ago = scene.pool.lead_time + Seconds{1};
  waiting(0, 4, long_ago);
  waiting(1, 3, long_ago);
  const auto guarded = in_flight(scene.inputs(), fleet({2, 10, 10}));
  EXPECT_EQ(guarded.fleet, fleet({6, 10, 10}));
  EXPECT_EQ(reason_of(guarded), reason::kReplicasInFlight);
  EXPECT_THAT(guarded.verdict->detail, HasSubstr("only replicas that find no node"));
  EXPECT_EQ(in_flight(scene.inputs(), fleet({10, 10, 2})).fleet, fleet({10, 10, 10}));
  EXPECT_EQ(in_flight(scene.inputs(), fleet({2, 7, 10})).fleet, fleet({2, 7, 10}));
  EXPECT_TRUE(verify(scene.inputs(), fleet({6, 10, 10})).empty());
  EXPECT_EQ(verify(scene.inputs(), fleet({5, 10, 10})).front().rule, "WarmToLower");
  scene.observation.domains[0].ready = Replicas{4};  // two more start
  EXPECT_EQ(in_flight(scene.inputs(), fleet({2, 10, 10})).fleet, fleet({10, 10, 10}));
  scene.observation.domains[0].ready = Replicas{6};
  scene.observation.domains[0].starting = Replicas{5};  // a rollout's, beside those asked for
  EXPECT_EQ(in_flight(scene.inputs(), fleet({2, 10, 10})).fleet, fleet({10, 10, 10}));
  EXPECT_EQ(verify(scene.inputs(), fleet({6, 10, 10})).front().rule, "WarmToLower");
  scene.observation.domains[0].starting = Replicas{4};
  scene.pool.domains[0].target.kind = "StatefulSet";  // takes the youngest, whatever they do
  EXPECT_EQ(in_flight(scene.inputs(), fleet({2, 10, 10})).fleet, fleet({10, 10, 10}));
  scene.pool.domains[0].target.kind = "Deployment";
  EXPECT_EQ(in_flight(scene.inputs(), fleet({2, 10, 10})).fleet, fleet({6, 10, 10}));
  waiting(1, 3, scene.pool.lead_time);  // one may come yet
  EXPECT_EQ(in_flight(scene.inputs(), fleet({2, 10, 10})).fleet, fleet({10, 10, 10}));
  EXPECT_EQ(verify(scene.inputs(), fleet({6, 10, 10})).front().rule, "WarmToLower");
}

TEST(RedundancyFloor, BeatsWhateverCameBefore) {
  Scene scene;
  scene.floor = fleet({12, 12, 11});
  const auto guarded = redundancy_floor(scene.inputs(), fleet({5, 5, 20}));
  EXPECT_EQ(guarded.fleet, fleet({12, 12, 20}));
  EXPECT_EQ(reason_of(guarded), reason::kRaisedToRedundancyFloor);
}

}  // namespace
}  // namespace edgetide::guard
