#include <gmock/gmock.h>

#include "edgetide/planning/plan.h"
#include "unit/planning/scene.h"

namespace edgetide::planning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Plan, RisesToThePeakWithADomainLost) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;  // 40 serving, 20 in each of the two that are left
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{20, 20, 20}));
  EXPECT_EQ(result.report.plan.action, model::Action::kScaleUp);
  EXPECT_EQ(result.report.sizing.serving, Replicas{40});
  EXPECT_EQ(result.report.sizing.basis, model::SizingBasis::kForecast);
  EXPECT_TRUE(result.report.violations.empty());
}

TEST(Plan, CarriesLessSurelyAfterALossThanBeforeIt) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.after_loss = 0.9;  // 40 carry the whole, and 36 what a loss leaves: 18 in each of two
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{18, 18, 18}));
  EXPECT_EQ(result.report.sizing.serving, Replicas{40});
  EXPECT_EQ(result.report.sizing.survivors, Replicas{36});
  EXPECT_EQ(result.report.sizing.with_redundancy, Replicas{54});
  scene.after_loss = 0.1;  // then the whole decides
  EXPECT_EQ(scene.plan().report.plan.total_to(), Replicas{40});
}

/// Seven carry the 15,000 of now, and eight are left; not for the 5,000 who come back within a
/// minute: 250 handshakes a second beside the 50 of now, at 15 a replica.
TEST(Plan, ALossLeavesWhatTakesInThoseWhoComeBack) {
  Scene scene;
  scene.pool.capacity = {.viewers = Viewers{3000}, .handshakes = HandshakesPerSecond{20}};
  scene.pool.demand.handshakes_per_arrival = 3;
  scene.pool.redundancy.reconnect = Seconds{60};
  scene.to_rise = scene.to_fall = 15'000;
  scene.observation = observed(scene.pool, {4, 4, 4}, fresh(15'000));
  scene.observation.demand.handshakes = fresh(50);
  const auto result = scene.plan();
  EXPECT_EQ(result.report.sizing.serving, Replicas{7});
  EXPECT_EQ(result.report.sizing.of_reconnects, HandshakesPerSecond{250});
  EXPECT_EQ(result.report.sizing.survivors, Replicas{20});
  EXPECT_EQ(desired(result), (std::vector{10, 10, 10}));
  EXPECT_EQ(status_of(result, "RedundancyMet"), "False");
  scene.observation = observed(scene.pool, {10, 10, 10}, fresh(15'000));
  scene.observation.demand.handshakes = fresh(50);
  EXPECT_EQ(status_of(scene.plan(), "RedundancyMet"), "True");
}

/// However little is wanted after a loss, the viewers of this moment survive one.
TEST(Plan, ALossLeavesNoLessThanTheViewersOfThisMomentNeed) {
  Scene scene;
  scene.to_rise = scene.to_fall = 24'000;
  scene.observation.demand.viewers.value = 24'000;
  scene.after_loss = 0.1;
  EXPECT_EQ(desired(scene.plan()), (std::vector{16, 16, 16}));
}

TEST(Plan, SpeaksOfTheLossOfADomainOnlyWhereItIsToBeSurvived) {
  const auto told = [](model::Survive survive) {
    Scene scene;
    scene.pool.redundancy.survive = survive;
    scene.observation = observed(scene.pool, {2, 2, 2}, fresh(15'000));
    scene.pool.behavior.scale_up.policies = {
        {.type = model::ScalingPolicy::Type::kPods, .value = 1, .period = Seconds{60}}};
    scene.to_rise = scene.to_fall = 15'000;
    const auto report = scene.plan().report;
    EXPECT_EQ(report.sizing.basis, model::SizingBasis::kRedundancy);
    std::string text = report.summary;
    for (const auto& verdict : report.verdicts) text += "; " + verdict.detail;
    return text;
  };
  EXPECT_THAT(told(model::Survive::kFailureDomain),
              AllOf(HasSubstr("the loss of a failure domain must be survived: 15,000 viewers need"),
                    HasSubstr("replicas to survive the loss of a failure domain")));
  EXPECT_THAT(told(model::Survive::kNone),
              AllOf(HasSubstr("the viewers of this moment come first: 15,000 viewers need"),
                    Not(HasSubstr("failure domain"))));
}

TEST(Plan, ColdCachesAreNoReserve) {
  Scene scene;
  scene.to_rise = scene.to_fall = 15'000;
  scene.observation.demand.viewers.value = 15'000;  // 20 serving, 10 each
  EXPECT_EQ(status_of(scene.plan(), "RedundancyMet"), "True");
  scene.observation.domains[2].cold = Replicas{3};
  const auto report = scene.plan().report;
  EXPECT_EQ(status_of(scene.plan(), "RedundancyMet"), "False");
  EXPECT_EQ(report.reserve_missing, fleet({0, 0, 3}));
}

TEST(Plan, ALoneDomainIsSaidToHaveNothingToFallBackOn) {
  Scene scene;
  scene.pool.domains.resize(1);
  scene.observation = observed(scene.pool, {30}, fresh(10'000));
  const auto whole = scene.plan().report;
  ASSERT_TRUE(whole.shortfall);
  EXPECT_THAT(whole.summary, HasSubstr("NOT REDUNDANT: domain a is the only one that can serve, "
                                       "so its loss would cut off every viewer; add a second"));
  scene.pool.domains[0].max_replicas = Replicas{5};
  const auto full = scene.plan().report;
  EXPECT_THAT(full.shortfall->detail, HasSubstr("every viewer, and it holds no more than 5; add"));
}

TEST(Plan, WithoutReadinessTheGuaranteeIsNotMet) {
  Scene scene;  // 10,000 viewers: 14 must be left
  EXPECT_EQ(status_of(scene.plan(), "RedundancyMet"), "True");
  for (auto& domain : scene.observation.domains) domain.ready = Replicas{6};
  const auto result = scene.plan();
  EXPECT_EQ(status_of(result, "RedundancyMet"), "False");
  // 6 + 6 are left of 14; 7 in each would do.
  EXPECT_THAT(model::condition(result.report, "RedundancyMet").message,
              HasSubstr("; missing: a 1, b 1, c 1"));
  EXPECT_EQ(result.report.reserve_missing, fleet({1, 1, 1}));
  EXPECT_EQ(result.report.spare_viewers, std::vector(3, Viewers{0}));
}

/// 10,500 viewers are 14 replicas of 750. Whatever is Ready beyond what a loss has to leave takes
/// in 750 each, shared out by what stands where.
TEST(Plan, TellsHowManyMoreViewersEachDomainCouldTakeIn) {
  const auto spare = [](std::vector<int> standing, model::Survive survive) {
    Scene scene;
    scene.pool.redundancy.survive = survive;
    scene.observation = observed(scene.pool, standing, fresh(10'500));
    scene.to_rise = scene.to_fall = 10'500;
    std::vector<double> viewers;
    for (const Viewers one : scene.plan().report.spare_viewers) viewers.push_back(one.count());
    return viewers;
  };
  using testing::ElementsAre;
  constexpr auto kLoss = model::Survive::kFailureDomain;
  EXPECT_THAT(spare({10, 10, 10}, kLoss),
              ElementsAre(1500, 1500, 1500));                            // 20 left of 14: six more
  EXPECT_THAT(spare({12, 10, 8}, kLoss), ElementsAre(1200, 1000, 800));  // 18 left: four more
  EXPECT_THAT(spare({7, 7, 7}, kLoss), ElementsAre(0, 0, 0));            // just the reserve
  EXPECT_THAT(spare({16, 6, 6}, kLoss), ElementsAre(0, 0, 0));           // and less than that
  EXPECT_THAT(spare({10, 5, 5}, model::Survive::kNone),
              ElementsAre(2250, 1125, 1125));  // of 14: six
}

// What is planned for fills no whole replicas, and says nothing of what one more takes in.
TEST(Plan, TellsRoomByWhatAReplicaTakesOfTheResourceThatBinds) {
  const auto spare = [](const auto& change) {
    Scene scene;
    scene.observation = observed(scene.pool, {4, 4, 4}, fresh(12));
    scene.to_rise = scene.to_fall = 12;
    change(scene);
    std::vector<double> viewers;
    for (const Viewers one : scene.plan().report.spare_viewers) viewers.push_back(one.count());
    return viewers;
  };
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(spare([](Scene&) {}), ElementsAre(1750, 1750, 1750)) << "7 of 8 are left, 750 each";
  EXPECT_THAT(spare([](Scene& scene) { scene.observation.domains[2].cold = Replicas{2}; }),
              ElementsAre(1500, 1500, 750))
      << "of 10 that are warm 6 are left, 5 more than needed";
  const auto with_egress = [](Scene& scene) {
    scene.pool.capacity.egress = BitsPerSecond{1e9};
    scene.observation.demand.egress = fresh(12 * 5e6);
  };
  EXPECT_THAT(spare(with_egress), ElementsAre(350, 350, 350)) << "150 viewers of 5 Mbit/s each";
  EXPECT_THAT(spare([&](Scene& scene) {
                with_egress(scene);
                scene.observation.demand.bitrate = BitsPerSecond{7.5e6};
              }),
              ElementsAre(233, 233, 233))
      << "what they want while the network is free";
  EXPECT_THAT(spare([&](Scene& scene) {
                with_egress(scene);
                scene.observation.demand.egress = model::Reading{};
              }),
              IsEmpty())
      << "what they take is not known";
  EXPECT_THAT(spare([](Scene& scene) { scene.observation.demand.viewers.value = 0; }),
              ElementsAre(2000, 2000, 2000));
  EXPECT_THAT(spare([&](Scene& scene) {
                with_egress(scene);
                scene.observation.demand.viewers.value = 0;
              }),
              IsEmpty())
      << "nobody shows what one takes";
}

TEST(Plan, ASkewedSpreadEatsIntoTheReserve) {
  Scene scene;  // 10,000 viewers: 14 must be left
  scene.observation = observed(scene.pool, {15, 6, 6}, fresh(10'000));
  const auto result = scene.plan();
  EXPECT_EQ(status_of(result, "RedundancyMet"), "False");
  EXPECT_EQ(result.report.reserve_missing, fleet({0, 1, 1}));
}

TEST(Plan, WhatIsStartingIsNoReserve) {
  Scene scene;
  for (auto& domain : scene.observation.domains) {
    domain.ready = Replicas{6};
    domain.starting = Replicas{4};
  }
  EXPECT_EQ(scene.plan().report.reserve_missing, fleet({1, 1, 1}));
}

TEST(Plan, WhatIsNotKnownHasNoNumbers) {
  Scene scene;
  scene.observation.domains[1].known = false;
  const auto report = scene.plan().report;
  EXPECT_TRUE(report.reserve_missing.empty());
  EXPECT_TRUE(report.spare_viewers.empty());
}

}  // namespace
}  // namespace edgetide::planning
