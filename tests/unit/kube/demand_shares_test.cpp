#include "kube/demand_shares.h"

#include <gtest/gtest.h>

#include <random>

namespace edgetide::kube {
namespace {

/// The mean of what is known stands for the rest, worked out by walking over all of them.
double by_hand(const std::vector<std::optional<double>>& weights, std::size_t of) {
  double sum = 0;
  double known = 0;
  for (const auto& weight : weights) {
    sum += weight.value_or(0);
    known += weight ? 1 : 0;
  }
  const auto all = static_cast<double>(weights.size());
  if (sum <= 0) return 1 / all;
  const double mean = sum / known;
  return weights[of].value_or(mean) / (sum + (all - known) * mean);
}

double first_share(const std::vector<std::optional<double>>& weights) {
  Weights together;
  for (const auto& weight : weights) together.add(weight);
  return together.share_of(weights.front());
}

TEST(Weights, FollowDemandAsFarAsItIsKnown) {
  EXPECT_DOUBLE_EQ(first_share({300.0}), 1);
  EXPECT_DOUBLE_EQ(first_share({std::nullopt}), 1);
  EXPECT_DOUBLE_EQ(first_share({300.0, 100.0}), 0.75);
  EXPECT_DOUBLE_EQ(first_share({std::nullopt, 100.0, 300.0}), 200.0 / 600.0);
  EXPECT_DOUBLE_EQ(first_share({300.0, std::nullopt}), 0.5);
  EXPECT_DOUBLE_EQ(first_share({std::nullopt, std::nullopt}), 0.5);
  EXPECT_DOUBLE_EQ(first_share({0.0, 0.0, 0.0}), 1.0 / 3);
}

TEST(Weights, OfNobodyAreEqualThoughThereWereSome) {
  Weights weights;
  for (const double weight : {0.1, 0.2, 0.7}) weights.add(weight);
  for (const double weight : {0.1, 0.2, 0.7}) {
    weights.take_out(weight);
    weights.add(0.0);
  }
  EXPECT_EQ(weights.share_of(0.0), 1.0 / 3);
}

/// Pools of a namespace, and how often somebody has walked over them.
struct DemandSharesTest : testing::Test {
  std::vector<std::shared_ptr<const model::EdgePool>> pools;
  std::uint64_t version = 1;
  int walks = 0;
  DemandShares shares{{.usable_in =
                           [this](const std::string& name) {
                             ++walks;
                             EXPECT_EQ(name, "video");
                             return pools;
                           },
                       .version = [this] { return version; }}};
  const Selector live = Selector::from_labels({{"kind", "live"}});

  void make(int count, const std::string& kind = "live") {
    for (int i = 0; i < count; ++i) {
      auto pool = std::make_shared<model::EdgePool>();
      pool->key = {"video", kind + "-" + std::to_string(pools.size())};
      pool->labels = {{"kind", kind}};
      pools.push_back(std::move(pool));
    }
    ++version;
  }
  void note(std::size_t pool, double viewers) { shares.note(pools[pool]->key, Viewers{viewers}); }
  double share(std::size_t pool) { return shares.share(*pools[pool], live); }
};

TEST_F(DemandSharesTest, TakeOneWalkOverThePoolsForAllTheirLooks) {
  make(1000);
  for (int round = 0; round < 5; ++round) {
    for (std::size_t i = 0; i < pools.size(); ++i) {
      static_cast<void>(share(i));
      note(i, 100.0 * round + static_cast<double>(i));
    }
  }
  EXPECT_EQ(walks, 1);
  make(1);
  EXPECT_DOUBLE_EQ(share(1000), 1.0 / 1001) << "as the mean of the others";
  EXPECT_EQ(walks, 2);
}

TEST_F(DemandSharesTest, AreWhatAWalkOverAllPoolsSays) {
  make(7);
  make(2, "recorded");
  std::vector<std::optional<double>> weights(7);
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    const std::size_t pool = random() % 9;
    const double viewers = random() % 3 == 0 ? 0 : 0.1 * static_cast<double>(random() % 100'000);
    if (random() % 5 == 0) {
      shares.forget(pools[pool]->key);
      if (pool < 7) weights[pool].reset();
    } else {
      note(pool, viewers);
      if (pool < 7) weights[pool] = viewers;
    }
    const std::size_t asked = random() % 7;
    ASSERT_NEAR(share(asked), by_hand(weights, asked), 1e-9) << "after " << i;
  }
}

TEST_F(DemandSharesTest, ThatNobodyAsksForAreNoLongerKept) {
  make(3);
  static_cast<void>(share(0));
  for (int i = 0; i < 12; ++i) note(static_cast<std::size_t>(i % 3), i);
  EXPECT_DOUBLE_EQ(share(2), 11.0 / (9 + 10 + 11));
  EXPECT_EQ(walks, 2);
}

TEST_F(DemandSharesTest, CountAPoolThatTheSelectorDoesNotMean) {
  make(2);
  make(1, "recorded");
  for (std::size_t i = 0; i < 3; ++i) note(i, 100);
  EXPECT_DOUBLE_EQ(share(2), 1.0 / 3);
  EXPECT_DOUBLE_EQ(share(0), 1.0 / 2);
}

}  // namespace
}  // namespace edgetide::kube
