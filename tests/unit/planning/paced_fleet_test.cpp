#include "planning/paced_fleet.h"

#include <gtest/gtest.h>

namespace edgetide::planning {
namespace {

using Rules = model::ScalingRules;
using Policy = model::ScalingPolicy;

TEST(PacedFleet, GrowsByWholePeriodsTheFirstAtOnce) {
  const Rules rules{.policies = {{.type = Policy::Type::kPods, .value = 4, .period = Seconds{60}}}};
  PacedFleet fleet(rules, Replicas{10});
  EXPECT_EQ(fleet.most_at(Seconds{0}), Replicas{14});
  EXPECT_EQ(fleet.most_at(Seconds{59}), Replicas{14});
  EXPECT_EQ(fleet.most_at(Seconds{120}), Replicas{22});
  fleet.order(Replicas{12}, Seconds{60});  // two periods are used up
  EXPECT_EQ(fleet.most_at(Seconds{119}), Replicas{12});
  EXPECT_EQ(fleet.most_at(Seconds{120}), Replicas{16});
}

TEST(PacedFleet, GrowsByPercentRoundedUpAsTheHpaDoes) {
  const Rules rules{.policies = {{.value = 10, .period = Seconds{60}}}};
  PacedFleet fleet(rules, Replicas{3});
  EXPECT_EQ(fleet.most_at(Seconds{0}), Replicas{4});
  EXPECT_EQ(fleet.most_at(Seconds{60}), Replicas{5});
}

TEST(PacedFleet, ThePolicyThatIsSelectedDecides) {
  Rules rules{.policies = {{.type = Policy::Type::kPods, .value = 4, .period = Seconds{60}},
                           {.value = 100, .period = Seconds{60}}}};
  const auto most = [&] { return PacedFleet(rules, Replicas{10}).most_at(Seconds{0}); };
  EXPECT_EQ(most(), Replicas{20});
  rules.select = Rules::Select::kMin;
  EXPECT_EQ(most(), Replicas{14});
  rules.select = Rules::Select::kDisabled;
  EXPECT_EQ(most(), Replicas{10});
  rules = {};
  EXPECT_GE(most(), Replicas{100'000});
}

}  // namespace
}  // namespace edgetide::planning
