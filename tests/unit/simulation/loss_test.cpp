#include "simulation/loss.h"

#include <gtest/gtest.h>

#include "simulation/world.h"
#include "support/pools.h"

namespace edgetide::simulation {
namespace {

using testing_support::fleet;
using testing_support::three_domains;

bool carries_so_many(const model::EdgePool& pool, std::vector<int> replicas, int survivors) {
  Scenario night = sport_evening({});
  night.pool = pool;
  World world(night);
  const Standing seen = world.fleet().standing();
  return OrderedLoss(pool, world.fleet(), seen)
      .carries(fleet(std::move(replicas)), Replicas{survivors});
}

TEST(OrderedLoss, LeavesEnoughOfWhatCarries) {
  model::EdgePool pool = three_domains();
  EXPECT_TRUE(carries_so_many(pool, {10, 10, 10}, 20));
  EXPECT_FALSE(carries_so_many(pool, {12, 9, 9}, 20));
  pool.redundancy.survive = model::Survive::kNone;
  EXPECT_TRUE(carries_so_many(pool, {20, 0, 0}, 20));
  EXPECT_FALSE(carries_so_many(pool, {19, 0, 0}, 20));
}

TEST(OrderedLoss, OfTheOnlyDomainIsNotSurvived) {
  model::EdgePool pool = three_domains();
  pool.domains.resize(1);
  pool.domains[0].max_replicas = Replicas{44};
  EXPECT_TRUE(carries_so_many(pool, {30}, 30));
  EXPECT_FALSE(carries_so_many(pool, {29}, 30));
  EXPECT_TRUE(carries_so_many(pool, {44}, 60));
  EXPECT_FALSE(carries_so_many(pool, {43}, 60));
}

TEST(OrderedLoss, IsSurvivedAsFarAsTheLimitsLet) {
  model::EdgePool pool = three_domains();
  pool.domains.resize(2);
  pool.domains[0].max_replicas = Replicas{44};
  pool.domains[1].max_replicas = Replicas{124};
  EXPECT_TRUE(carries_so_many(pool, {44, 91}, 110));
  EXPECT_FALSE(carries_so_many(pool, {40, 95}, 110)) << "4 fewer are left";
  EXPECT_FALSE(carries_so_many(pool, {44, 60}, 110)) << "6 are missing before any loss";
}

TEST(OrderedLoss, IsSurvivedAsFarAsTheMaximumLets) {
  model::EdgePool pool = three_domains();
  pool.replicas.max = Replicas{30};
  EXPECT_TRUE(carries_so_many(pool, {10, 10, 10}, 25));
  EXPECT_FALSE(carries_so_many(pool, {10, 10, 9}, 25));
}

}  // namespace
}  // namespace edgetide::simulation
