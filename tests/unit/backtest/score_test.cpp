#include "edgetide/backtest/score.h"

#include <gtest/gtest.h>

#include <cmath>

#include "edgetide/backtest/curve.h"
#include "edgetide/backtest/lead_time_fleet.h"
#include "support/pools.h"

namespace edgetide::backtest {
namespace {

using testing_support::fleet;
using testing_support::kEvening;

/// A replica carries 10 viewers.
model::EdgePool small_pool() {
  auto pool = testing_support::three_domains();
  pool.capacity.viewers = Viewers{10};
  return pool;
}

Score scored(const std::vector<double>& demand, const std::vector<int>& decisions,
             int lead_minutes) {
  return score(kEvening, demand, fleet_of(fleet(decisions), std::chrono::minutes{lead_minutes}),
               small_pool());
}

std::vector<int> ready(const std::vector<FleetMinute>& minutes) {
  std::vector<int> counts;
  for (const FleetMinute& minute : minutes) counts.push_back(minute.ready.count());
  return counts;
}

TEST(ClairvoyantReplicas, RoundsUp) {
  const auto pool = small_pool();
  EXPECT_EQ(clairvoyant_replicas(pool, Viewers{0}), Replicas{0});
  EXPECT_EQ(clairvoyant_replicas(pool, Viewers{10}), Replicas{1});
  EXPECT_EQ(clairvoyant_replicas(pool, Viewers{10.1}), Replicas{2});
}

TEST(FleetOf, StartsALeadTimeLaterAndLosesTheNewestFirst) {
  // Up to 14 at minute 1, of which two go at 3 and the other two at 4, with two ready ones.
  const auto minutes =
      fleet_of(fleet({10, 14, 14, 12, 8, 8, 10, 10, 10, 10}), std::chrono::minutes{3});
  EXPECT_EQ(ready(minutes), (std::vector{10, 10, 10, 10, 8, 8, 8, 8, 8, 10}));
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    EXPECT_EQ(minutes[i].total.count(), (std::vector{10, 14, 14, 12, 8, 8, 10, 10, 10, 10})[i]);
  }
}

TEST(FleetOf, WithoutLeadServesAtOnceAndRoundsALeadUp) {
  EXPECT_EQ(ready(fleet_of(fleet({1, 5, 2}), Seconds{0})), (std::vector{1, 5, 2}));
  EXPECT_EQ(ready(fleet_of(fleet({1, 5, 5, 5}), Seconds{61})), (std::vector{1, 1, 1, 5}));
  EXPECT_TRUE(fleet_of({}, Seconds{60}).empty());
}

TEST(Score, CountsWhatIsLateAndWhatStartingCosts) {
  std::vector<double> demand(20, 200.0);
  std::fill_n(demand.begin(), 5, 100.0);
  std::vector<int> decisions(20, 20);
  std::fill_n(decisions.begin(), 5, 10);
  const Score late = scored(demand, decisions, 5);
  // Asked for at minute 5, serving at 10: five minutes short of 100.
  EXPECT_DOUBLE_EQ(late.unserved.viewer_minutes, 500);
  EXPECT_DOUBLE_EQ(late.unserved.share().count(), 500.0 / 3500);
  EXPECT_EQ(late.unserved.short_minutes, 5);
  EXPECT_EQ(late.unserved.worst, Viewers{100});
  EXPECT_EQ(late.unserved.worst_at, kEvening + std::chrono::minutes{5});
  EXPECT_DOUBLE_EQ(late.cost.ratio().count(), 1);
  EXPECT_EQ(late.moves.moves, 1);
  EXPECT_EQ(late.most, Replicas{20});

  const Score early = scored(demand, std::vector(20, 20), 5);
  EXPECT_EQ(early.unserved.viewer_minutes, 0);
  EXPECT_DOUBLE_EQ(early.cost.ratio().count(), 400.0 / 350);
}

TEST(Score, LeavesUnknownMinutesOutOfEverythingButMoves) {
  const double unknown = std::nan("");
  const Score score = scored({100, unknown, unknown, 100}, {10, 90, 10, 10}, 0);
  EXPECT_EQ(score.scored_minutes, 2);
  EXPECT_DOUBLE_EQ(score.cost.replica_minutes, 20);
  EXPECT_DOUBLE_EQ(score.cost.clairvoyant_minutes, 20);
  EXPECT_EQ(score.moves.moves, 2);
  EXPECT_EQ(score.moves.reversals, 1);
  EXPECT_DOUBLE_EQ(score.moves.reversals_per_day(), 1440.0 / 4);
}

TEST(Score, OfNothingIsZeroAndNeverNotANumber) {
  const Score score = scored({0, 0}, {0, 0}, 1);
  EXPECT_EQ(score.unserved.share(), Ratio{0});
  EXPECT_EQ(score.cost.ratio(), Ratio{0});
  EXPECT_EQ(Score{}.moves.reversals_per_day(), 0);
}

TEST(Score, AddsUpOverSpans) {
  Score sum = scored({100, 100}, {10, 8}, 0);
  sum += scored({100}, {5}, 0);
  EXPECT_DOUBLE_EQ(sum.unserved.viewer_minutes, 20 + 50);
  EXPECT_EQ(sum.unserved.worst, Viewers{50});
  EXPECT_EQ(sum.scored_minutes, 3);
  EXPECT_EQ(sum.moves.moves, 1);
  EXPECT_EQ(sum.most, Replicas{10});
}

Score point(double shortfall, double cost) {
  Score score;
  score.unserved.viewer_minutes = shortfall;
  score.unserved.wanted_viewer_minutes = 1;
  score.cost = {.replica_minutes = cost, .clairvoyant_minutes = 1};
  return score;
}

TEST(CostAt, IsReadOffTheCurveInLogarithms) {
  const std::vector curve{point(1e-2, 1.1), point(1e-4, 1.3)};
  EXPECT_NEAR(cost_at(curve, Ratio{1e-3})->count(), 1.2, 1e-4);
  EXPECT_NEAR(cost_at(curve, Ratio{1e-2})->count(), 1.1, 1e-4);
  EXPECT_EQ(cost_at(curve, Ratio{1e-5}), std::nullopt);
  EXPECT_EQ(cost_at({}, Ratio{1e-3}), std::nullopt);
}

TEST(CostAt, TakesTheCheapestWhereACurveTurnsBack) {
  const std::vector curve{point(1e-2, 1.1), point(1e-4, 1.5), point(1e-2, 1.2), point(1e-4, 1.25)};
  EXPECT_NEAR(cost_at(curve, Ratio{1e-3})->count(), 1.225, 1e-4);
}

}  // namespace
}  // namespace edgetide::backtest
