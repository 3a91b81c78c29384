#include "edgetide/backtest/hpa.h"

#include <gtest/gtest.h>

#include <string>

namespace edgetide::backtest {
namespace {

constexpr HpaSettings kSettings{.min = Replicas{2}, .max = Replicas{200}};
const Instant kNow{Seconds{1'000'000}};

HpaReading reading(double load, int specified, int ready) {
  return {.load = load,
          .specified = Replicas{specified},
          .ready = Replicas{ready},
          .unready = Replicas{specified - ready}};
}

struct Case {
  std::string name;
  HpaReading reading;
  int expected;
};

class HpaMetricProposal : public testing::TestWithParam<Case> {};

TEST_P(HpaMetricProposal, IsKubernetesArithmetic) {
  EXPECT_EQ(hpa_metric_proposal(kSettings, GetParam().reading), Replicas{GetParam().expected});
}

const Case kCases[] = {
    // 24 / 40 = 60 %: nothing to do.
    {"on_target", reading(24, 40, 40), 40},
    // 26.4 / 40 / .6 = 1.10: still within the tolerance of 0.1.
    {"at_the_edge_of_tolerance", reading(26.4, 40, 40), 40},
    // 26.5 / 40 / .6 = 1.104: ceil(44.17).
    {"just_above_tolerance", reading(26.5, 40, 40), 45},
    // 30 / 40 / .6 = 1.25: exactly 50.
    {"exact_product_buys_no_extra", reading(30, 40, 40), 50},
    // 21.6 / 40 / .6 = .9 stays; 21.5 gives .896: ceil(35.83).
    {"lower_edge_of_tolerance", reading(21.6, 40, 40), 40},
    {"below_tolerance", reading(21.5, 40, 40), 36},
    // 40 ready at 30 ask for 50; with 8 starting, 30 / 48 / .6 = 1.042: within tolerance, stay.
    {"starting_ones_suffice", reading(30, 48, 40), 48},
    // With 4 starting, 30 / 44 / .6 = 1.136: ceil(50).
    {"starting_ones_do_not_suffice", reading(30, 44, 40), 50},
    // With 20 starting, 30 / 60 / .6 = .83 would turn round: stay.
    {"starting_ones_never_turn_growth_round", reading(30, 60, 40), 60},
    {"no_metrics_without_ready_replicas", reading(30, 40, 0), 40},
};

INSTANTIATE_TEST_SUITE_P(Cases, HpaMetricProposal, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

TEST(Hpa, GrowsAtMostTwofoldIn15Seconds) {
  Hpa hpa(kSettings);
  EXPECT_EQ(hpa.decide(reading(60, 20, 20), kNow), Replicas{40});  // 100 asked for
  EXPECT_EQ(hpa.decide(reading(60, 40, 20), kNow + Seconds{15}), Replicas{80});
  EXPECT_EQ(hpa.decide(reading(60, 80, 20), kNow + Seconds{30}), Replicas{100});
}

TEST(Hpa, GrowsByFourWhereTwofoldIsLess) {
  Hpa hpa(kSettings);
  EXPECT_EQ(hpa.decide(reading(60, 2, 2), kNow), Replicas{6});
}

TEST(Hpa, ShrinksOnlyToTheHighestProposalOfFiveMinutes) {
  Hpa hpa(kSettings);
  EXPECT_EQ(hpa.decide(reading(60, 100, 100), kNow), Replicas{100});
  // From here 50 is asked for; until 300 s have passed the 100 of the beginning holds.
  for (int second = 15; second < 300; second += 15) {
    ASSERT_EQ(hpa.decide(reading(30, 100, 100), kNow + Seconds{second}), Replicas{100}) << second;
  }
  EXPECT_EQ(hpa.decide(reading(30, 100, 100), kNow + Seconds{300}), Replicas{50});
}

TEST(Hpa, ForgetsNothingOfTheWindowWhenDemandComesBack) {
  Hpa hpa(kSettings);
  (void)hpa.decide(reading(30, 100, 100), kNow);
  EXPECT_EQ(hpa.decide(reading(60, 100, 100), kNow + Seconds{290}), Replicas{100});
  EXPECT_EQ(hpa.decide(reading(30, 100, 100), kNow + Seconds{305}), Replicas{100});
  EXPECT_EQ(hpa.decide(reading(30, 100, 100), kNow + Seconds{590}), Replicas{50});
}

TEST(Hpa, StaysWithinItsBounds) {
  Hpa hpa(kSettings);
  EXPECT_EQ(hpa.decide(reading(600, 150, 150), kNow), Replicas{200});
  Hpa idle(kSettings);
  (void)idle.decide(reading(0, 2, 2), kNow);
  EXPECT_EQ(idle.decide(reading(0, 2, 2), kNow + Seconds{400}), Replicas{2});
}

HpaReading total(double load, int specified) {
  return {.load = load, .specified = Replicas{specified}};
}

TEST(HpaOnATotal, SharesItOverTheReplicasAskedFor) {
  HpaSettings settings = kSettings;
  settings.metric = HpaMetric::kExternal;
  // 30 / .6 = 50 against 46 asked for: 1.087 is within the tolerance; against 45, 1.11 is not.
  EXPECT_EQ(hpa_metric_proposal(settings, total(30, 46)), Replicas{46});
  EXPECT_EQ(hpa_metric_proposal(settings, total(30, 45)), Replicas{50});
  EXPECT_EQ(hpa_metric_proposal(settings, total(30.1, 45)), Replicas{51});
  EXPECT_EQ(hpa_metric_proposal(settings, total(0, 45)), Replicas{0});
}

TEST(HpaOnATotal, AskedOnceAMinuteGrowsAsFastAsInFourSyncs) {
  HpaSettings settings = kSettings;
  settings.metric = HpaMetric::kExternal;
  settings.max = Replicas{1000};
  Hpa hpa(settings);
  EXPECT_EQ(hpa.decide(total(6, 10), kNow), Replicas{10});
  EXPECT_EQ(hpa.decide(total(300, 10), kNow + Seconds{60}), Replicas{160});  // 10 * 2^4
}

}  // namespace
}  // namespace edgetide::backtest
