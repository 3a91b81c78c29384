#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "edgetide/planning/plan.h"
#include "unit/planning/scene.h"

namespace edgetide::planning {
namespace {

using testing::HasSubstr;
namespace reason = model::reason;

/// 10,000 viewers need 14 replicas of 750; 30 are asked for, and so many are Ready.
Scene with_ready(std::vector<int> ready) {
  Scene scene;
  for (std::size_t i = 0; i < ready.size(); ++i) {
    auto& domain = scene.observation.domains[i];
    domain.ready = Replicas{ready[i]};
    domain.starting = domain.specified - domain.ready;
  }
  return scene;
}

TEST(NotServingYet, IsAShortfallOfThisMomentHoweverMuchIsOrdered) {
  EXPECT_FALSE(with_ready({5, 5, 4}).plan().report.shortfall) << "the reserve alone is missing";
  const auto result = with_ready({5, 5, 3}).plan();
  const auto& shortfall = result.report.shortfall;
  ASSERT_TRUE(shortfall);
  EXPECT_EQ(shortfall->cause, reason::kReplicasStarting);
  EXPECT_EQ(shortfall->required, Replicas{14});
  EXPECT_EQ(shortfall->granted, Replicas{13});
  EXPECT_EQ(shortfall->at, kEvening);
  const std::string by = clock_text(kEvening + Seconds{300});
  EXPECT_EQ(shortfall->detail,
            "the viewers of this moment need 14 replicas within target utilization and 13 serve; "
            "the others are on the way and are to serve by " +
                by);
  const auto& condition = model::condition(result.report, "CapacityShortfall");
  EXPECT_EQ(condition.status, model::ConditionStatus::kTrue);
  EXPECT_EQ(condition.reason, reason::kReplicasStarting);
  EXPECT_THAT(condition.message, HasSubstr("13 of 14 replicas at"));
  EXPECT_THAT(result.report.summary, HasSubstr("SHORT of 1 replicas: the viewers of this moment"));
}

TEST(NotServingYet, CountsWhatServesByItsWarmth) {
  auto scene = with_ready({10, 10, 10});
  for (auto& domain : scene.observation.domains) domain.cold = Replicas{6};
  const auto report = scene.plan().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kReplicasStarting);
  EXPECT_EQ(report.shortfall->granted, Replicas{12});
}

TEST(NotServingYet, IsByTheResourceThatAsksForMost) {
  auto scene = with_ready({6, 6, 6});
  scene.pool.capacity.egress = BitsPerSecond{1e9};  // 750 Mbit/s of it
  scene.observation.demand.egress = fresh(14.1e9);
  const auto report = scene.plan().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->required, Replicas{19});
  EXPECT_EQ(report.shortfall->granted, Replicas{18});
}

TEST(NotServingYet, TellsByWhenThoseThatAreMissingAreToServe) {
  auto scene = with_ready({5, 5, 2});
  auto& unready = scene.observation.domains[2].unready_since;
  unready = {kEvening - Seconds{30}, kEvening - Seconds{240}, kEvening - Seconds{200}};
  const auto detail = [&] { return scene.plan().report.shortfall->detail; };
  EXPECT_THAT(detail(), HasSubstr("to serve by " + clock_text(kEvening + Seconds{100})));
  unready.assign(3, kEvening - Seconds{310});
  EXPECT_THAT(detail(), HasSubstr("take longer than the lead time of 5m"));
  unready.clear();
  scene.observation.domains[2].unschedulable = {
      .replicas = Replicas{8}, .since = kEvening - Seconds{60}, .detail = "0/9 nodes: cpu"};
  EXPECT_THAT(detail(), HasSubstr("to serve by " + clock_text(kEvening + Seconds{300}) +
                                  ", 8 of them without a node"));
}

TEST(NotServingYet, LeavesTheWordToAnotherCauseThatMissesAsMuch) {
  auto scene = with_ready({5, 5, 2});
  scene.observation.domains[2].unready_since.assign(8, kEvening - Seconds{900});
  const auto report = scene.plan().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kReplicasNotReady);
  EXPECT_EQ(report.shortfall->required - report.shortfall->granted, Replicas{2});
  EXPECT_THAT(report.shortfall->detail, HasSubstr("; the viewers of this moment need 14"));
}

// What starts comes by itself, and what is not to be had does not.
TEST(NotServingYet, LeavesTheWordToAnotherCauseThatMissesLess) {
  auto scene = with_ready({4, 4, 4});
  scene.pool.replicas.max = Replicas{60};
  scene.observation.demand = {.viewers = fresh(20'000)};
  scene.to_rise = scene.to_fall = 32'000;
  for (const int ready : {4, 8}) {
    for (auto& domain : scene.observation.domains) domain.ready = Replicas{ready};
    const auto report = scene.plan().report;
    ASSERT_TRUE(report.shortfall);
    EXPECT_EQ(report.shortfall->cause, reason::kMaximumReached);
    EXPECT_THAT(report.shortfall->detail,
                testing::StartsWith("spec.replicas.max is 60; raise it to 65"));
    EXPECT_THAT(report.shortfall->detail, HasSubstr("; the viewers of this moment need 27"));
    const Replicas missing = report.shortfall->required - report.shortfall->granted;
    EXPECT_EQ(missing, Replicas{ready == 4 ? 15 : 5}) << "the larger lack";
  }
}

TEST(NotServingYet, SaysThatAsManyAreOnTheWayAsAreOrdered) {
  auto scene = with_ready({4, 4, 4});
  scene.observation.demand = {.viewers = fresh(20'000)};
  scene.to_rise = scene.to_fall = 20'000;
  const auto detail_at = [&](int maximum) {
    scene.pool.replicas.max = Replicas{maximum};
    for (auto& domain : scene.observation.domains) domain.specified = Replicas{maximum / 3};
    return scene.plan().report.shortfall.value().detail;
  };
  const std::string by = "on the way and are to serve by " + clock_text(kEvening + Seconds{300});
  EXPECT_THAT(detail_at(30), HasSubstr("12 serve; the others are " + by));
  EXPECT_THAT(detail_at(18), HasSubstr("12 serve; of the others 6 are " + by));
  EXPECT_THAT(detail_at(12), testing::EndsWith("and 12 serve"));
  EXPECT_EQ(scene.plan().report.shortfall->cause, reason::kMaximumReached);
}

TEST(NotServingYet, IsCalledLostWhereADomainIsSilentAndNothingElseIsOnTheWay) {
  Scene scene;
  scene.memory.silent_since = {std::nullopt, kEvening - Seconds{300}, std::nullopt};
  scene.pool.redundancy.survive = model::Survive::kNone;
  scene.observation = observed(scene.pool, {5, 5, 4}, fresh(10'000));
  scene.observation.domains[1].ready = Replicas{0};
  auto report = scene.plan().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kDomainLost);
  EXPECT_EQ(report.shortfall->required - report.shortfall->granted, Replicas{5});
  EXPECT_THAT(report.shortfall->detail, HasSubstr("and 9 serve; nothing of domain b has served"));
  scene.observation.domains[0].specified = Replicas{10};
  report = scene.plan().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kReplicasStarting) << "five of a are on the way";
}

// A pool that is created, a domain that is added, and one that rises from zero look the same.
TEST(NotServingYet, IsNotCalledLostWhereADomainMayOnlyBegin) {
  Scene scene;
  scene.pool.redundancy.survive = model::Survive::kNone;
  scene.observation = observed(scene.pool, {5, 5, 4}, fresh(10'000));
  scene.observation.domains[1].ready = Replicas{0};
  for (const auto since : {kEvening, kEvening - Seconds{299}}) {
    scene.memory.silent_since = {std::nullopt, since, std::nullopt};
    const auto report = scene.plan().report;
    ASSERT_TRUE(report.shortfall);
    EXPECT_EQ(report.shortfall->cause, reason::kReplicasStarting);
    EXPECT_THAT(report.shortfall->detail, HasSubstr("; nothing of domain b has served since"));
  }
}

TEST(NotServingYet, IsToldByAnOldNumberToo) {
  auto scene = with_ready({5, 5, 2});
  scene.observation.demand.viewers.freshness = model::Freshness::kStale;
  const auto report = scene.plan().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_THAT(report.shortfall->detail, testing::StartsWith("the viewers last read need 14"));
}

TEST(NotServingYet, IsNotToldWhereNobodyKnowsOrNothingIsOrdered) {
  auto scene = with_ready({5, 5, 2});
  const auto told = [&] {
    const auto report = scene.plan().report;
    return report.shortfall && report.shortfall->cause == reason::kReplicasStarting;
  };
  scene.pool.mode = model::Mode::kDryRun;
  EXPECT_FALSE(told()) << "others scale it";
  scene.pool.mode = model::Mode::kEnforce;
  EXPECT_TRUE(told());
  scene.observation.demand.viewers = {.freshness = model::Freshness::kMissing, .detail = "gone"};
  EXPECT_FALSE(told());
  scene.observation.demand.viewers = fresh(10'000);
  scene.observation.domains[0] = {.name = "a", .detail = "it cannot be read"};
  EXPECT_FALSE(told());
}

}  // namespace
}  // namespace edgetide::planning
