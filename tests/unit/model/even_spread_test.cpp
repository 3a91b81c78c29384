#include "edgetide/model/even_spread.h"

#include <gtest/gtest.h>

#include <array>

namespace edgetide::model {
namespace {

TEST(EvenSpread, TellsDomainsThatDifferByOneAtMost) {
  Spread spread = over_zones(3, 2);
  EXPECT_EQ(spread.max_skew, 2);
  stand_evenly(spread, Replicas{7}, Replicas{3});
  const std::array ready{3, 2, 2};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(spread.domains[i].name, "zone-" + std::to_string(i + 1));
    EXPECT_EQ(spread.domains[i].ready, Replicas{ready[i]});
    EXPECT_EQ(spread.domains[i].starting, Replicas{1});
  }
  stand_evenly(spread, Replicas{2});
  EXPECT_EQ(spread.domains[2].ready, Replicas{0});
  EXPECT_EQ(spread.domains[0].starting, Replicas{0});
}

TEST(EvenSpread, NeverTellsFewerThanNoneOnTheirWay) {
  for (int zones = 1; zones <= 7; ++zones) {
    for (int ready = 0; ready < 20; ++ready) {
      for (int starting = 0; starting < 20; ++starting) {
        Spread spread = over_zones(static_cast<std::size_t>(zones), 1);
        stand_evenly(spread, Replicas{ready}, Replicas{starting});
        int sum_ready = 0;
        int sum_starting = 0;
        for (const auto& domain : spread.domains) {
          EXPECT_GE(domain.starting, Replicas{0});
          sum_ready += domain.ready.count();
          sum_starting += domain.starting.count();
        }
        EXPECT_EQ(sum_ready, ready);
        EXPECT_EQ(sum_starting, starting);
      }
    }
  }
}

}  // namespace
}  // namespace edgetide::model
