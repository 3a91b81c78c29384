#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "edgetide/planning/plan.h"
#include "planning/peaks.h"
#include "support/pools.h"

namespace edgetide::planning {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
namespace reason = model::reason;

/// One workload over three zones on an evening on which 10,000 viewers need 14 replicas.
struct Spread {
  model::EdgePool pool = one_workload();
  model::Observation observation;
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  double viewers = 10'000;

  static model::EdgePool one_workload() {
    model::EdgePool pool = three_domains();
    pool.domains.resize(1);
    pool.domains.front() = {.name = "edge", .target = {"apps/v1", "Deployment", "edge"}};
    pool.topology_key = "topology.kubernetes.io/zone";
    return pool;
  }

  /// All of the given replicas Ready, by zone; `placed_nowhere` of them wait for a node.
  void stands(std::vector<int> zones, std::optional<int> max_skew, int placed_nowhere = 0) {
    int ready = 0;
    for (const int count : zones) ready += count;
    observation = observed(pool, {ready}, fresh(viewers));
    auto& workload = observation.domains.front();
    workload.specified += Replicas{placed_nowhere};
    workload.starting = Replicas{placed_nowhere};
    auto& spread = workload.spread.emplace();
    spread.max_skew = max_skew;
    for (std::size_t i = 0; i < zones.size(); ++i)
      spread.domains.push_back(
          {.name = std::string(1, static_cast<char>('a' + i)), .ready = Replicas{zones[i]}});
  }

  [[nodiscard]] PlanResult plan() const {
    const Peak peak{.window = {.stage = model::ForecastStage::kWeekly,
                               .median = Viewers{viewers * 0.9},
                               .quantile = Viewers{viewers},
                               .at = kEvening,
                               .window_end = kEvening + Seconds{600}},
                    .after_loss = Viewers{viewers}};
    return plan_for({.pool = pool,
                     .observation = observation,
                     .forecast_state = {},
                     .calendar = {},
                     .offsets = {},
                     .memory = memory},
                    {.to_rise = peak, .to_fall = peak}, kEvening);
  }
  [[nodiscard]] int total() const { return plan().report.plan.total_to().count(); }
};

const model::Condition& redundancy(const PlanResult& result) {
  return model::condition(result.report, "RedundancyMet");
}

const model::Unschedulable kSevenWait{
    .replicas = Replicas{7}, .since = kEvening - Seconds{3600}, .detail = "0/9 nodes"};

TEST(OneWorkload, IsAsLargeAsSeparateOnesWhileItsSpreadIsEven) {
  Spread spread;
  spread.stands({7, 7, 7}, 1);
  const auto result = spread.plan();
  EXPECT_EQ(result.report.plan.total_to(), Replicas{21});
  EXPECT_EQ(redundancy(result).status, model::ConditionStatus::kTrue);
  EXPECT_TRUE(result.report.violations.empty());
  EXPECT_EQ(result.report.spare_viewers.size(), 3u);
}

/// 9 + 6 + 6 leave 12 of 14 when the fullest zone is lost: two more are bought, which a scheduler
/// bound to the skew puts into the others.
TEST(OneWorkload, BuysWhatItsSkewCosts) {
  Spread spread;
  spread.stands({9, 6, 6}, 1);
  const auto result = spread.plan();
  EXPECT_EQ(result.report.plan.total_to(), Replicas{23});
  EXPECT_EQ(redundancy(result).status, model::ConditionStatus::kFalse);
  EXPECT_EQ(redundancy(result).reason, reason::kReserveMissing);
  EXPECT_THAT(redundancy(result).message, HasSubstr("12 Ready replicas without domain a"));
  EXPECT_THAT(redundancy(result).message, HasSubstr("missing: b 1, c 1"));
  EXPECT_EQ(result.report.reserve_missing, fleet({0, 1, 1}));
  spread.stands({9, 6, 6}, 1, 2);  // ordered, and on the way
  EXPECT_EQ(spread.total(), 23);
  EXPECT_EQ(redundancy(spread.plan()).status, model::ConditionStatus::kFalse);
  spread.stands({9, 7, 7}, 1);
  EXPECT_EQ(redundancy(spread.plan()).status, model::ConditionStatus::kTrue);
}

/// A looser scheduler may put the next ones where they help least.
TEST(OneWorkload, BuysWhatTheSchedulerMayMakeOfIt) {
  Spread spread;
  spread.stands({0, 0, 0}, 1);
  EXPECT_EQ(spread.total(), 21);  // 7 + 7 + 7
  spread.stands({0, 0, 0}, 3);
  EXPECT_EQ(spread.total(), 23);  // 9 + 7 + 7 at the worst
}

TEST(OneWorkload, SaysThatNothingBindsTheSchedulerRatherThanBuyForNothing) {
  Spread spread;
  spread.stands({10, 6, 6}, std::nullopt);
  const auto result = spread.plan();
  EXPECT_EQ(result.report.plan.total_to(), Replicas{22});
  EXPECT_EQ(redundancy(result).status, model::ConditionStatus::kFalse);
  EXPECT_THAT(redundancy(result).message, HasSubstr("DoNotSchedule"));
}

/// Whichever goes when the workload falls, what is left survives: 14 and the fullest zone.
TEST(OneWorkload, FallsNoFurtherThanAnyChoiceOfItsControllerAllows) {
  Spread spread;
  spread.stands({12, 12, 12}, 1);
  EXPECT_EQ(spread.total(), 26);
  spread.stands({2, 12, 12}, 1);
  EXPECT_EQ(spread.total(), 26);
  spread.stands({8, 8, 10}, 1);  // and so on at the next look
  EXPECT_EQ(spread.total(), 24);
}

TEST(OneWorkload, ALostZoneIsCountedAsItIs) {
  Spread spread;
  spread.stands({0, 10, 10}, 1);
  spread.observation.domains.front().specified = Replicas{30};
  const auto result = spread.plan();
  EXPECT_EQ(result.report.plan.total_to(), Replicas{30});
  EXPECT_EQ(result.report.sizing.with_redundancy, Replicas{30}) << "although 24 would survive";
  EXPECT_EQ(redundancy(result).status, model::ConditionStatus::kFalse);
  EXPECT_EQ(result.report.reserve_missing, fleet({4, 0, 0}));
}

/// Its nodes are gone, and with them the zone: what is left is all that there is of a reserve.
TEST(OneWorkload, TheLastZoneThatIsLeftKeepsWhatWasOrdered) {
  Spread spread;
  spread.stands({14}, 1);
  spread.observation.domains.front().specified = Replicas{28};
  EXPECT_EQ(spread.total(), 28) << "while the lost half is not there";
  spread.stands({28}, 1);
  const auto result = spread.plan();
  EXPECT_EQ(result.report.plan.total_to(), Replicas{28}) << "nor once it is made anew in one zone";
  EXPECT_EQ(redundancy(result).status, model::ConditionStatus::kFalse);
}

TEST(OneWorkload, NothingOrderedIsTooMuchWhileTheReserveIsNotThere) {
  Spread spread;
  spread.stands({10, 6, 6}, std::nullopt, 8);
  EXPECT_EQ(spread.plan().report.sizing.with_redundancy, Replicas{30});
}

/// A limit just below what is needed: what one replica carries is missing, and not everything.
TEST(OneWorkload, OfUnknownSpreadLosesNothingThatIsCounted) {
  Spread spread;
  spread.stands({13}, 1);
  spread.observation.domains.front().spread = {.unknown = "nodes: forbidden"};
  spread.pool.domains.front().max_replicas = Replicas{13};
  const auto report = spread.plan().report;
  ASSERT_TRUE(report.shortfall.has_value());
  EXPECT_THAT(report.shortfall->detail, testing::Not(HasSubstr("10,000 viewers too many")));
  EXPECT_THAT(report.shortfall->detail, testing::Not(HasSubstr("in one failure domain")));
}

TEST(OneWorkload, InOneZoneSurvivesNothingAndSaysSo) {
  Spread spread;
  spread.stands({14}, 1);
  const auto report = spread.plan().report;
  ASSERT_TRUE(report.shortfall.has_value());
  EXPECT_THAT(report.shortfall->detail, HasSubstr("in one failure domain"));
}

TEST(OneWorkload, OfWhichNobodyKnowsWhereItStandsIsNotLowered) {
  Spread spread;
  spread.stands({30}, 1);
  spread.observation.domains.front().spread = {.unknown = "nodes: forbidden"};
  const auto result = spread.plan();
  EXPECT_EQ(result.report.plan.total_to(), Replicas{30});
  EXPECT_EQ(redundancy(result).status, model::ConditionStatus::kUnknown);
  EXPECT_EQ(redundancy(result).reason, reason::kSpreadUnknown);
  EXPECT_THAT(redundancy(result).message, HasSubstr("nodes: forbidden"));
  spread.observation.domains.front().specified = Replicas{5};
  spread.observation.domains.front().ready = Replicas{5};
  EXPECT_EQ(spread.total(), 14);  // and is raised for the viewers all the same
}

TEST(OneWorkload, ThatNeedSurviveNothingMayStandAnywhere) {
  Spread spread;
  spread.pool.redundancy.survive = model::Survive::kNone;
  spread.stands({14}, 1);
  spread.observation.domains.front().spread = {.unknown = "nodes: forbidden"};
  EXPECT_EQ(redundancy(spread.plan()).status, model::ConditionStatus::kTrue);
  EXPECT_EQ(spread.total(), 14);
  spread.stands({20, 0}, std::nullopt);
  EXPECT_EQ(redundancy(spread.plan()).status, model::ConditionStatus::kTrue);
  EXPECT_EQ(spread.total(), 14);
}

TEST(OneWorkload, IsPlannedForWithoutAClusterByItsViewersAlone) {
  Spread spread;
  spread.stands({14}, 1);
  spread.observation.domains.front().spread.reset();
  const auto result = spread.plan();
  EXPECT_EQ(result.report.plan.total_to(), Replicas{14});
  EXPECT_EQ(redundancy(result).reason, reason::kSpreadUnknown);
}

/// Zone c is lost, its nodes are still there, and the scheduler counts none in it.
TEST(OneWorkload, WaitsForTheSkewTowardsAZoneThatIsClosed) {
  Spread spread;
  spread.viewers = 15'000;
  spread.stands({14, 14}, 14, 7);
  auto& workload = spread.observation.domains.front();
  workload.unschedulable = {.replicas = Replicas{7},
                            .since = kEvening - Seconds{3600},
                            .detail = "0/9 nodes are available"};
  EXPECT_EQ(spread.plan().report.shortfall->cause, reason::kNodesFull);
  workload.spread->closed = {"c"};
  const auto shortfall = spread.plan().report.shortfall;
  ASSERT_TRUE(shortfall);
  EXPECT_EQ(shortfall->cause, reason::kSkewBinds);
  EXPECT_THAT(shortfall->detail,
              HasSubstr("no node takes in 25 of edge: the nodes of failure domain c take nothing "
                        "in, and the scheduler, which counts it, lets no other have more than 14 "
                        "beyond it"));
  EXPECT_THAT(shortfall->detail, HasSubstr("nodeTaintsPolicy: Honor"));
  EXPECT_THAT(shortfall->detail, HasSubstr("the scheduler says: 0/9 nodes are available"));

  workload.spread->max_skew = 15;  // either may have one more
  EXPECT_EQ(spread.plan().report.shortfall->cause, reason::kNodesFull);
  workload.spread->max_skew.reset();
  EXPECT_EQ(spread.plan().report.shortfall->cause, reason::kNodesFull);
}

/// What stands on nodes that are cordoned counts as well.
TEST(OneWorkload, WaitsForTheSkewTowardsTheEmptiestZoneThatIsClosed) {
  Spread spread;
  spread.viewers = 15'000;
  spread.stands({10, 10, 9}, 1, 7);
  auto& workload = spread.observation.domains.front();
  workload.unschedulable = kSevenWait;
  workload.spread->closed = {"b", "c"};
  const auto shortfall = spread.plan().report.shortfall;
  ASSERT_TRUE(shortfall);
  EXPECT_EQ(shortfall->cause, reason::kSkewBinds);
  EXPECT_THAT(shortfall->detail, HasSubstr("failure domain c "));
  workload.spread->closed = {"a", "b"};  // c may have one more
  EXPECT_EQ(spread.plan().report.shortfall->cause, reason::kNodesFull);
}

/// Where no zone is open, no skew keeps anything from being placed.
TEST(OneWorkload, WaitsForNodesWhereEveryZoneIsClosed) {
  Spread spread;
  spread.viewers = 15'000;
  spread.stands({14, 14}, 1, 7);
  auto& workload = spread.observation.domains.front();
  workload.unschedulable = kSevenWait;
  workload.spread->closed = {"a", "b"};
  EXPECT_EQ(spread.plan().report.shortfall->cause, reason::kNodesFull);
}

TEST(OneWorkload, WaitsForNodesWhereTheyHoldLessThanTheSkewKeepsOut) {
  Spread spread;
  spread.viewers = 15'000;
  spread.stands({14, 14}, 14, 7);
  auto& workload = spread.observation.domains.front();
  workload.unschedulable = kSevenWait;
  workload.spread->closed = {"c"};
  spread.observation.room.nodes = {.replicas = Replicas{20}, .detail = {}};
  const auto shortfall = spread.plan().report.shortfall;
  EXPECT_EQ(shortfall->cause, reason::kNodesFull);
  EXPECT_THAT(shortfall->detail, Not(HasSubstr("failure domain c")));
}

/// Colder caches are no reserve here either.
TEST(OneWorkload, CountsByTheWarmthOfItsCaches) {
  Spread spread;
  spread.stands({7, 7, 7}, 1);
  spread.observation.domains.front().spread->domains[1].cold = Replicas{2};
  EXPECT_EQ(spread.plan().report.reserve_missing, fleet({0, 2, 0}));
}

}  // namespace
}  // namespace edgetide::planning
