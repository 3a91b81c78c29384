#include "edgetide/controller/reconciler.h"

#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

using testing::ElementsAre;

TEST(Reconciler, ObservesLearnsPlansActsReports) {
  World world;
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  EXPECT_THAT(world.verbs, ElementsAre("observe", "learn", "plan", "act", "report"));
  EXPECT_EQ(world.orders.size(), 3u);
  EXPECT_GE(world.standing[0] + world.standing[1], 14);  // 10,000 viewers with one domain lost
  EXPECT_EQ(world.reports.front().peak.stage, model::ForecastStage::kWeekly);
}

/// Half of what 42 replicas sustain is used, then, with as many viewers, all of what 21 do.
TEST(Reconciler, MeasuresTheBitrateOfAViewerWhileTheNetworkIsNotCongested) {
  World world;
  world.pool.capacity.egress = BitsPerSecond{2e9};
  world.standing = {14, 14, 14};
  Reconciler reconciler(world.ports(), {});
  const auto look = [&](double bitrate) {
    world.time += Seconds{15};
    world.viewers = fresh(10'000, world.time);
    world.egress = fresh(10'000 * bitrate, world.time);
    reconciler.reconcile(world.pool.key);
    return world.reports.back().observation.demand.bitrate;
  };
  EXPECT_FALSE(look(4e6));
  for (int looks = 0; looks < 60; ++looks) look(4e6);
  EXPECT_NEAR(look(4e6).value().count(), 4e6, 2e5);
  world.standing = {7, 7, 7};
  world.refuses = Error{.code = ErrorCode::kForbidden, .message = "no"};
  for (int looks = 0; looks < 60; ++looks) look(2.6e6);
  EXPECT_NEAR(look(2.6e6).value().count(), 4e6, 2e5);
  EXPECT_GE(world.reports.back().sizing.needs[1].load, 3.8e10);  // where 2.6e10 is sent
}

TEST(Reconciler, TakesUpTheBitrateThatTheStatusTells) {
  World world;
  world.pool.capacity.egress = BitsPerSecond{2e9};
  world.pool.known_bitrate = BitsPerSecond{5e6};
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_NEAR(world.reports.back().observation.demand.bitrate.value().count(), 5e6, 2.5e5);
}

/// Six hundred more a minute, who open two each; when readings are old, nobody knows.
TEST(Reconciler, TellsHandshakesOfArrivalsFromOthers) {
  World world;
  world.pool.capacity.handshakes = HandshakesPerSecond{100};
  Reconciler reconciler(world.ports(), {});
  const auto opened = [&] {
    reconciler.reconcile(world.pool.key);
    return world.reports.back().observation.demand.handshakes_of_arrivals.count();
  };
  for (int minute = 0; minute < 5; ++minute) {
    world.time += Seconds{60};
    world.viewers = fresh(10'000 + 600 * minute, world.time);
    opened();
  }
  EXPECT_NEAR(opened(), 20, 1e-6);
  world.viewers.freshness = model::Freshness::kStale;
  EXPECT_EQ(opened(), 0);
}

TEST(Reconciler, InDryRunAndInALookNothingIsWritten) {
  World dry;
  dry.pool.mode = model::Mode::kDryRun;
  Reconciler(dry.ports(), {}).reconcile(dry.pool.key);
  EXPECT_TRUE(dry.orders.empty());
  EXPECT_EQ(dry.reports.front().plan.action, model::Action::kScaleUp);

  World enforced;
  Reconciler(enforced.ports(), {.acts = false}).reconcile(enforced.pool.key);
  EXPECT_TRUE(enforced.orders.empty());
}

/// An hour before viewers come the API server is asked whether it would take the orders.
TEST(Reconciler, RehearsesTheOrdersOfALargeRiseAnHourBefore) {
  World world;
  world.announced = model::EventCalendar({{.name = "video/final",
                                           .event_class = "final",
                                           .start = kEvening + std::chrono::minutes{100},
                                           .duration = std::chrono::hours{2},
                                           .expected_peak = Viewers{100'000}}});
  Reconciler reconciler(world.ports(), {});
  const auto able = [&](Seconds later) {
    world.time += later;
    world.viewers.at = world.time;
    reconciler.reconcile(world.pool.key);
    return model::condition(world.reports.back(), "AbleToScale");
  };
  EXPECT_EQ(able(Seconds{0}).status, model::ConditionStatus::kTrue);
  EXPECT_TRUE(world.rehearsed.empty()) << "the ramp begins in less than an hour, and not yet";

  world.refuses_rehearsal = Error{.code = ErrorCode::kForbidden, .message = "no more than 9"};
  const auto refused = able(std::chrono::minutes{30});
  EXPECT_EQ(refused.reason, model::reason::kRehearsalFailed);
  EXPECT_THAT(refused.message, testing::HasSubstr("no more than 9"));
  ASSERT_EQ(world.rehearsed.size(), 1u);
  EXPECT_GT(world.rehearsed[0].to, world.rehearsed[0].from);
  EXPECT_EQ(able(Seconds{15}).reason, model::reason::kRehearsalFailed) << "as last judged";
  EXPECT_EQ(world.rehearsed.size(), 1u);

  world.refuses_rehearsal = Error{.code = ErrorCode::kUnavailable, .message = "down"};
  EXPECT_EQ(able(Seconds{60}).status, model::ConditionStatus::kTrue) << "nobody has refused";
  EXPECT_EQ(world.rehearsed.size(), 4u);
  EXPECT_EQ(able(Seconds{15}).status, model::ConditionStatus::kTrue);
  EXPECT_EQ(world.rehearsed.size(), 4u) << "a quarter of an hour later is soon enough";

  world.pool.mode = model::Mode::kDryRun;
  world.refuses_rehearsal = Error{.code = ErrorCode::kForbidden, .message = "no"};
  EXPECT_EQ(able(Seconds{900}).status, model::ConditionStatus::kTrue);
  EXPECT_EQ(world.rehearsed.size(), 4u);
}

struct Lead : ports::Leadership {
  [[nodiscard]] bool leads() const override { return is_ours; }
  bool is_ours = false;
};

TEST(Reconciler, AReplicaThatStandsByLearnsAndTouchesNothing) {
  Lead lead;
  World world;
  auto ports = world.ports();
  ports.leadership = &lead;
  Reconciler reconciler(ports, {});
  reconciler.reconcile(world.pool.key);
  EXPECT_THAT(world.verbs, ElementsAre("observe", "learn"));
  EXPECT_TRUE(world.orders.empty());
  EXPECT_TRUE(world.reports.empty());

  lead.is_ours = true;
  world.time += Seconds{15};
  world.viewers = fresh(10'000);
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 2) << "what was learned is not read again";
  EXPECT_EQ(world.orders.size(), 3u);
  EXPECT_EQ(world.reports.front().peak.stage, model::ForecastStage::kWeekly);
}

TEST(Reconciler, AReplicaThatTakesOverHoldsWhatItFindsAndFightsNobody) {
  Lead lead;
  World world;
  auto ports = world.ports();
  ports.leadership = &lead;
  Reconciler reconciler(ports, {});
  for (const int standing : {60, 50, 40}) {  // lowered by the leader, look by look
    world.standing = {standing, standing, standing};
    reconciler.reconcile(world.pool.key);
    world.time += Seconds{15};
  }
  lead.is_ours = true;
  world.viewers.at = world.time;
  reconciler.reconcile(world.pool.key);
  EXPECT_FALSE(world.reports.back().contended);
  EXPECT_TRUE(world.orders.empty()) << "nothing is lowered within the stabilization window";
}

TEST(Reconciler, AWriteThatFailsIsTriedAgainSoonAndNotRemembered) {
  World world;
  world.refuses = Error{.code = ErrorCode::kConflict, .message = "somebody was faster"};
  Reconciler reconciler(world.ports(), {});
  EXPECT_EQ(reconciler.reconcile(world.pool.key), Seconds{1});
  EXPECT_EQ(model::condition(world.reports.back(), "AbleToScale").reason, "Ready");
  world.refuses.reset();
  world.time += Seconds{1};
  EXPECT_EQ(reconciler.reconcile(world.pool.key), Seconds{15});
  EXPECT_FALSE(world.reports.back().contended);
}

TEST(Reconciler, WritesThatAreRefusedForGoodAreReportedAndTriedEverMoreRarely) {
  World world;
  world.refuses = Error{.code = ErrorCode::kForbidden, .message = "may not patch deployments"};
  Reconciler reconciler(world.ports(), {});
  std::vector<long> waits;
  for (int look = 0; look < 6; ++look) {
    const auto wait = reconciler.reconcile(world.pool.key);
    world.time += wait;
    waits.push_back(wait.count());
  }
  EXPECT_THAT(waits, ElementsAre(1, 2, 4, 8, 15, 15));
  const auto& able = model::condition(world.reports.back(), "AbleToScale");
  EXPECT_EQ(able.status, model::ConditionStatus::kFalse);
  EXPECT_EQ(able.reason, "ScaleFailed");
  EXPECT_EQ(able.message, "domain a: may not patch deployments");
  world.refuses.reset();
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(model::condition(world.reports.back(), "AbleToScale").reason, "Ready");
}

TEST(Reconciler, ANamesakeOfADeletedPoolIsAnotherPool) {
  World world;
  world.pool.uid = "first";
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  world.pool.uid = "second";
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.forgotten, 1);
  EXPECT_EQ(world.history_reads, 4) << "both ranges, for each of the two";
}

TEST(Reconciler, ASourceThatCannotBeAskedIsNotAskedForThePast) {
  World world;
  world.viewers = {.freshness = model::Freshness::kFailed, .detail = "connection refused"};
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 0);
}

TEST(Reconciler, WithoutItsPastItHoldsOrRaisesAndAsksAgain) {
  World world;
  world.history_answers = false;
  world.standing = {30, 30, 30};
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  world.time += Seconds{15};
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 1) << "a failed reading is not repeated at once";
  const auto& ready = model::condition(world.reports.back(), "ForecastReady");
  EXPECT_EQ(ready.reason, "PastUnread");
  EXPECT_THAT(ready.message, testing::HasSubstr("down"));
  EXPECT_THAT(world.reports.back().summary, testing::HasSubstr("the past could not be read: down"));
  world.time += Seconds{60};
  world.history_answers = true;
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 3);  // once more, and both ranges
  EXPECT_THAT(world.standing, ElementsAre(30, 30, 30));
  EXPECT_EQ(model::condition(world.reports.back(), "ForecastReady").reason, "Learned");
}

TEST(Reconciler, ADeletedPoolIsForgottenOnceAndItsTargetsStay) {
  World world;
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  const auto standing = world.standing;
  world.exists = false;
  reconciler.reconcile(world.pool.key);
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.forgotten, 1);
  EXPECT_EQ(world.standing, standing);
}

}  // namespace
}  // namespace edgetide::controller
