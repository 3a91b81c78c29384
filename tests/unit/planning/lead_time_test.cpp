#include <gtest/gtest.h>

#include "edgetide/planning/plan.h"
#include "support/pools.h"

namespace edgetide::planning {
namespace {

using namespace testing_support;

struct LeadTime : testing::Test {
  model::EdgePool pool = three_domains();  // declares 300 s, at least 60 s
  model::Observation observation = observed(pool, {7, 7, 7}, fresh(10'000));

  [[nodiscard]] int with(std::optional<Seconds> a, std::optional<Seconds> b,
                         std::optional<Seconds> c) {
    observation.domains[0].start_time = a;
    observation.domains[1].start_time = b;
    observation.domains[2].start_time = c;
    return static_cast<int>(lead_time_in_force(pool, observation).count());
  }
};

TEST_F(LeadTime, IsTheDeclaredOneUntilEveryDomainIsMeasured) {
  EXPECT_EQ(with({}, {}, {}), 300);
  EXPECT_EQ(with(Seconds{90}, Seconds{80}, {}), 300);
  EXPECT_EQ(with(Seconds{400}, {}, {}), 400);
}

TEST_F(LeadTime, IsThatOfTheSlowestDomain) {
  EXPECT_EQ(with(Seconds{90}, Seconds{120}, Seconds{80}), 120);
}

TEST_F(LeadTime, IsNeverBelowTheLeastThatThePoolAsksFor) {
  EXPECT_EQ(with(Seconds{5}, Seconds{5}, Seconds{5}), 60);
  pool.lead_time = Seconds{20};  // which its owner knows to be enough
  EXPECT_EQ(with(Seconds{5}, Seconds{5}, Seconds{5}), 20);
}

TEST_F(LeadTime, WhatIsMeasuredEndsWithReadyAndNotWithAWarmCache) {
  pool.warm_up = Seconds{40};
  EXPECT_EQ(with(Seconds{90}, Seconds{120}, Seconds{80}), 160);
  EXPECT_EQ(with({}, Seconds{120}, {}), 300);
}

}  // namespace
}  // namespace edgetide::planning
