#include "simulation/spread.h"

#include <gtest/gtest.h>

namespace edgetide::simulation {
namespace {

model::Fleet replicas(std::initializer_list<int> counts) { return {counts.begin(), counts.end()}; }

SpreadDomain domain(int stands, bool alive = true) {
  return {.stands = Replicas{stands}, .limit = Replicas{10}, .alive = alive};
}

TEST(Spread, FillsTheEmptiestAndTakesFromTheFullest) {
  const std::vector uneven{domain(5), domain(3), domain(4)};
  EXPECT_EQ(spread(uneven, Replicas{15}), replicas({5, 5, 5}));
  EXPECT_EQ(spread(uneven, Replicas{10}), replicas({3, 3, 4}));
  EXPECT_EQ(spread(uneven, Replicas{12}), replicas({5, 3, 4}));
}

TEST(Spread, PutsALostDomainsReplicasIntoTheOthers) {
  const std::vector lost{domain(4, /*alive=*/false), domain(4), domain(4)};
  EXPECT_EQ(spread(lost, Replicas{12}), replicas({0, 6, 6}));
}

TEST(Spread, LeavesOutWhatHasNoRoom) {
  const std::vector full{domain(9), domain(10)};
  EXPECT_EQ(spread(full, Replicas{30}), replicas({10, 10}));
}

}  // namespace
}  // namespace edgetide::simulation
