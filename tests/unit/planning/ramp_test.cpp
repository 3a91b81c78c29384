#include "planning/ramp.h"

#include <gtest/gtest.h>

#include <array>

#include "support/pools.h"

namespace edgetide::planning {
namespace {

model::EdgePool of_steps(int step, Seconds interval) {
  auto pool = testing_support::three_domains();
  pool.pacing = {.step = Replicas{step}, .interval = interval};
  pool.replicas.max = Replicas{2000};
  return pool;
}

/// Of a fleet of 50 that is wanted anyway.
Replicas begun(const model::EdgePool& pool, int need, Seconds after) {
  const std::array needs{NeedAhead{after, Replicas{need}}};
  return begun_for(pool, {.total = Replicas{50}}, needs, Replicas{50});
}

TEST(BegunFor, IsWhatTheStepsThatAreLeftDoNotReach) {
  const auto pool = of_steps(200, Seconds{60});
  using Row = std::array<int, 3>;
  for (const auto& [need, after, as_told] :
       {Row{1000, 0, 1000}, Row{1000, 59, 1000}, Row{1000, 60, 800}, Row{1000, 180, 400},
        Row{1000, 600, 50}, Row{0, 60, 50}}) {
    EXPECT_EQ(begun(pool, need, Seconds{after}), Replicas{as_told}) << need << " in " << after;
  }
}

TEST(BegunFor, CountsTheRulesForRisingToo) {
  auto pool = of_steps(200, Seconds{60});
  pool.behavior.scale_up.policies = {{.value = 10, .period = Seconds{60}}};  // percent
  // 827 -> 910 -> 1,001
  EXPECT_EQ(begun(pool, 1000, Seconds{120}), Replicas{826});
}

TEST(BegunFor, MeetsTheNeedThatIsHardestToReach) {
  const auto pool = of_steps(200, Seconds{60});
  const std::vector<NeedAhead> needs{
      {Seconds{60}, Replicas{420}}, {Seconds{120}, Replicas{700}}, {Seconds{600}, Replicas{900}}};
  EXPECT_EQ(begun_for(pool, {.total = Replicas{50}}, needs, Replicas{50}), Replicas{300});
  EXPECT_EQ(begun_for(pool, {.total = Replicas{50}}, {}, Replicas{7}), Replicas{7});
}

TEST(RampMoments, ThereAreNoneForWhatCanBeOrderedAtOnce) {
  EXPECT_TRUE(ramp_moments(of_steps(200, Seconds{60}), {.total = Replicas{1800}}).empty());
  auto still = of_steps(200, Seconds{60});
  still.behavior.scale_up.select = model::ScalingRules::Select::kDisabled;
  EXPECT_TRUE(ramp_moments(still, {.total = Replicas{0}}).empty());
}

TEST(RampMoments, ReachAsFarAsTheLongestRiseTakes) {
  // 200 at once, and 9 more steps until 2,000.
  const auto moments = ramp_moments(of_steps(200, Seconds{60}), {.total = Replicas{0}});
  EXPECT_GE(moments.back(), Seconds{540});
  EXPECT_LE(moments.size(), 31u);
  const auto many = ramp_moments(of_steps(1, Seconds{1800}), {.total = Replicas{0}});
  EXPECT_GE(many.back(), kLongestRamp);
  EXPECT_LE(many.size(), 31u);
}

}  // namespace
}  // namespace edgetide::planning
