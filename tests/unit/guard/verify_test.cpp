#include "edgetide/guard/verify.h"

#include <gmock/gmock.h>

#include <functional>

#include "support/pools.h"

namespace edgetide::guard {
namespace {

using namespace testing_support;

struct Broken {
  std::string rule;
  std::function<void(model::EdgePool&, model::Observation&, model::PlanMemory&)> world;
  std::vector<int> fleet;
};

/// Every promise broken once, on a fleet of 10 + 10 + 10 with a floor of 6 each.
class BrokenPromise : public testing::TestWithParam<Broken> {};

std::vector<model::Violation> violations(const Broken& broken) {
  auto pool = three_domains();
  auto observation = observed(pool, {10, 10, 10}, fresh(10'000));
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  if (broken.world) broken.world(pool, observation, memory);
  return verify({.pool = pool,
                 .observation = observation,
                 .memory = memory,
                 .stage = model::ForecastStage::kWeekly,
                 .floor = fleet({6, 6, 6}),
                 .at_maximum = fleet({67, 67, 66}),
                 .minimum = pool.replicas.min,
                 .now = kEvening},
                fleet(broken.fleet));
}

TEST_P(BrokenPromise, IsFound) {
  std::vector<std::string> rules;
  for (const auto& violation : violations(GetParam())) rules.push_back(violation.rule);
  EXPECT_THAT(rules, testing::Contains(GetParam().rule));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BrokenPromise,
    testing::Values(
        Broken{
            "FreshDemandToLower",
            [](auto&, auto& o, auto&) { o.demand.viewers.freshness = model::Freshness::kPartial; },
            {10, 10, 9}},
        Broken{"FreshDemandToLower",
               [](auto& p, auto&, auto&) { p.capacity.egress = BitsPerSecond{1e9}; },
               {10, 10, 9}},
        Broken{"KnownDomainsToLower",
               [](auto&, auto& o, auto&) { o.domains[2].known = false; },
               {10, 9, 0}},
        Broken{"WarmToLower",
               [](auto&, auto& o, auto&) { o.domains[0].cold = Replicas{1}; },
               {10, 10, 9}},
        Broken{"WarmToLower",
               [](auto&, auto& o, auto&) { o.domains[2].ready = Replicas{8}; },
               {10, 10, 9}},
        Broken{"KnownPastToLower",
               [](auto&, auto& o, auto&) { o.history_problem = "gateway timeout"; },
               {10, 10, 9}},
        Broken{"KnownSpreadToLower",
               [](auto&, auto& o, auto&) { o.domains[0].spread = {.unknown = "no right"}; },
               {10, 10, 9}},
        Broken{"StabilizedToLower",
               [](auto&, auto&, auto& m) { m.since = kEvening - Seconds{60}; },
               {10, 10, 9}},
        Broken{"StabilizedToLower",
               [](auto&, auto&, auto& m) {
                 m.recommendations = {{kEvening - Seconds{60}, fleet({10, 10, 10})}};
               },
               {10, 10, 9}},
        Broken{"DomainLimits", {}, {10, 10, 101}},
        Broken{
            "Maximum", [](auto& p, auto&, auto&) { p.replicas.max = Replicas{30}; }, {10, 10, 11}},
        Broken{
            "Minimum", [](auto& p, auto&, auto&) { p.replicas.min = Replicas{31}; }, {10, 10, 10}},
        Broken{"RedundancyFloor", {}, {10, 10, 5}},
        Broken{"RateLimit",
               [](auto& p, auto&, auto&) {
                 p.behavior.scale_down.policies = {
                     {model::ScalingPolicy::Type::kPods, 2, Seconds{60}}};
               },
               {9, 9, 9}},
        Broken{"RateLimit",
               [](auto& p, auto&, auto&) {
                 p.behavior.scale_down.select = model::ScalingRules::Select::kDisabled;
               },
               {10, 10, 9}},
        Broken{"Pace",
               [](auto& p, auto&, auto& m) {
                 p.pacing = {.step = Replicas{9}, .interval = Seconds{60}};
                 m.scale_events = {{kEvening - Seconds{59}, 9}};
               },
               {10, 10, 11}},
        Broken{"Contended",
               [](auto&, auto&, auto& m) {
                 m.foreign_lowerings = {
                     {kEvening - Seconds{3}, 1}, {kEvening - Seconds{2}, 1}, {kEvening, 1}};
               },
               {10, 10, 11}},
        Broken{"Paused",
               [](auto& p, auto&, auto&) {
                 p.pause = {.until = kEvening + Seconds{1}, .replicas = std::nullopt};
               },
               {10, 10, 9}},
        Broken{"Paused",
               [](auto& p, auto&, auto&) {
                 p.pause = {.until = kEvening + Seconds{1}, .replicas = std::nullopt};
               },
               {10, 10, 11}},
        Broken{"PausedReplicas",
               [](auto& p, auto&, auto&) {
                 p.pause = {.until = kEvening + Seconds{1}, .replicas = Replicas{12}};
               },
               {4, 4, 5}},
        Broken{
            "RedundancyFloor",
            [](auto& p, auto&, auto&) { p.pause = {.until = kEvening, .replicas = Replicas{15}}; },
            {5, 5, 5}},
        Broken{"OneDomainAtATime", {}, {9, 10, 9}}, Broken{"NonNegative", {}, {10, 10, -1}}));

TEST(Verify, FindsNothingInAPlanThatHolds) {
  EXPECT_TRUE(violations({"", {}, {10, 10, 10}}).empty());
  EXPECT_TRUE(violations({"", {}, {10, 6, 10}}).empty());
  EXPECT_TRUE(violations({"", {}, {66, 67, 67}}).empty());
  const auto warm_enough = [](auto&, auto& o, auto&) { o.domains[2].cold = Replicas{1}; };
  EXPECT_TRUE(violations({"", warm_enough, {10, 10, 9}}).empty());
  const auto each_once = [](auto&, auto&, auto& m) {
    m.foreign_lowerings = {{kEvening, 0}, {kEvening, 1}, {kEvening, 2}};
  };
  EXPECT_TRUE(violations({"", each_once, {11, 10, 10}}).empty());
}

}  // namespace
}  // namespace edgetide::guard
