#include "simulation/one_workload.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "simulation/pool_fleet.h"

namespace edgetide::simulation {
namespace {

const Instant kNow{Seconds{1'000'000}};
constexpr Seconds kEvicted{340};

/// Three zones of six; what is ordered is Ready after exactly 120 s.
PoolFleet three_zones(int max_skew = 1, std::optional<NodeRoom> nodes = std::nullopt,
                      std::uint64_t seed = 1) {
  PoolFleet fleet({.domains = 3,
                   .start_up = {.machine_least = Seconds{100},
                                .machine_most = Seconds{100},
                                .container_least = Seconds{20},
                                .container_most = Seconds{20}},
                   .nodes = nodes,
                   .seed = seed},
                  Zones{.count = 3, .max_skew = max_skew});
  for (std::size_t zone = 0; zone < 3; ++zone) fleet.begin_with(zone, Replicas{6});
  fleet.advance(kNow);
  return fleet;
}

std::vector<int> placed(const PoolFleet& fleet) {
  std::vector<int> counts;
  for (const DomainCounts& zone : fleet.counts()) counts.push_back(zone.specified.count());
  return counts;
}

DomainCounts whole(const PoolFleet& fleet) { return fleet.standing().targets.front(); }

using Counts = std::vector<int>;

TEST(OneWorkload, GrowsEvenlyWithinASkewOfOne) {
  PoolFleet fleet = three_zones();
  fleet.specify(0, Replicas{24}, kNow);
  EXPECT_EQ(placed(fleet), (Counts{8, 8, 8}));
  fleet.advance(kNow + Seconds{120});
  EXPECT_EQ(whole(fleet).ready, Replicas{24});
}

TEST(OneWorkload, GrowsUnevenlyByChanceWhereItMay) {
  bool uneven = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    PoolFleet fleet = three_zones(3, std::nullopt, seed);
    fleet.specify(0, Replicas{30}, kNow);
    const auto [least, most] = std::ranges::minmax(placed(fleet));
    EXPECT_LE(most - least, 3);
    uneven |= most - least > 1;
  }
  EXPECT_TRUE(uneven);
}

TEST(OneWorkload, OfALostZoneIsMadeAnewInTheOthersOnceItIsEvicted) {
  PoolFleet fleet = three_zones();
  fleet.lose(1, kNow, kNow + Seconds{3600});
  EXPECT_EQ(whole(fleet).ready, Replicas{12});
  EXPECT_EQ(fleet.counts()[1].dead, Replicas{6});
  EXPECT_FALSE(whole(fleet).waits_since) << "they are said to have a node";
  EXPECT_EQ(fleet.unready_since(0), std::vector<Instant>(6, kNow));
  fleet.advance(kNow + kEvicted - Seconds{1});
  EXPECT_EQ(placed(fleet), (Counts{6, 6, 6}));
  fleet.advance(kNow + kEvicted);
  EXPECT_EQ(placed(fleet), (Counts{9, 0, 9}));
  EXPECT_TRUE(fleet.counts()[1].gone);
  fleet.advance(kNow + kEvicted + Seconds{120});
  EXPECT_EQ(whole(fleet).ready, Replicas{18});
}

/// Nothing moves to a zone that is back: what comes goes there until it is as large as the others.
TEST(OneWorkload, FindsAReturnedZoneEmpty) {
  PoolFleet fleet = three_zones();
  const Instant back = kNow + Seconds{3600};
  fleet.lose(1, kNow, back);
  fleet.advance(kNow + kEvicted);
  fleet.advance(back);
  EXPECT_EQ(placed(fleet), (Counts{9, 0, 9}));
  EXPECT_FALSE(fleet.counts()[1].gone);
  fleet.specify(0, Replicas{25}, back);
  EXPECT_EQ(placed(fleet), (Counts{9, 7, 9}));
}

TEST(OneWorkload, OfAZoneThatIsBackBeforeTheyAreEvictedStartsThere) {
  PoolFleet fleet = three_zones();
  fleet.lose(1, kNow, kNow + Seconds{60});
  fleet.advance(kNow + Seconds{60 + 120});
  EXPECT_EQ(fleet.counts()[1].ready, Replicas{6});
  fleet.advance(kNow + kEvicted);
  EXPECT_EQ(placed(fleet), (Counts{6, 6, 6}));
}

/// Until its nodes are gone a lost zone counts: the others may not be more than one larger.
TEST(OneWorkload, WaitsForTheSkewOfAZoneThatIsLost) {
  PoolFleet fleet = three_zones();
  fleet.lose(1, kNow, kNow + Seconds{3600});
  fleet.specify(0, Replicas{24}, kNow);
  EXPECT_EQ(placed(fleet), (Counts{7, 6, 7}));
  EXPECT_EQ(whole(fleet).pending, Replicas{4});
  EXPECT_EQ(whole(fleet).waits_since, kNow);
  fleet.advance(kNow + kEvicted);
  EXPECT_EQ(placed(fleet), (Counts{12, 0, 12}));
  EXPECT_FALSE(whole(fleet).waits_since);
}

/// As a ReplicaSet: what does not serve first, then those who are Ready for half as long.
TEST(OneWorkload, LosesTheYoungestFirst) {
  PoolFleet fleet = three_zones();
  fleet.lose(1, kNow, kNow + Seconds{3600});
  fleet.advance(kNow + kEvicted);
  fleet.advance(kNow + kEvicted + Seconds{120});
  fleet.specify(0, Replicas{24}, kNow + Seconds{3600});
  fleet.advance(kNow + Seconds{3720});
  ASSERT_EQ(placed(fleet), (Counts{9, 6, 9}));
  fleet.specify(0, Replicas{26}, kNow + Seconds{7200});
  ASSERT_EQ(placed(fleet), (Counts{9, 8, 9}));
  fleet.specify(0, Replicas{24}, kNow + Seconds{7210});
  EXPECT_EQ(placed(fleet), (Counts{9, 6, 9})) << "those that start";
  fleet.specify(0, Replicas{18}, kNow + Seconds{7220});
  EXPECT_EQ(placed(fleet), (Counts{9, 0, 9})) << "those of the zone that came back";
}

TEST(OneWorkload, LosesAnyOfThoseAsOldByChance) {
  std::vector<Counts> seen;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    PoolFleet fleet = three_zones(1, std::nullopt, seed);
    fleet.specify(0, Replicas{9}, kNow);
    EXPECT_EQ(whole(fleet).ready, Replicas{9});
    seen.push_back(placed(fleet));
  }
  EXPECT_TRUE(std::ranges::any_of(seen, [](const Counts& counts) {
    return std::ranges::max(counts) - std::ranges::min(counts) > 1;
  })) << "a controller does not look at zones";
}

/// With room for seven in each zone, two more than that wait for no node, since none can come.
TEST(OneWorkload, WaitsForRoom) {
  PoolFleet fleet = three_zones(
      1, NodeRoom{.at_first = Replicas{6}, .most = Replicas{7}, .provision = Seconds{200}});
  fleet.specify(0, Replicas{23}, kNow);
  EXPECT_EQ(placed(fleet), (Counts{7, 7, 7}));
  EXPECT_EQ(whole(fleet).pending, Replicas{5}) << "three for nodes that come, two for none";
  fleet.advance(kNow + Seconds{200});
  EXPECT_EQ(whole(fleet).pending, Replicas{2});
  EXPECT_EQ(whole(fleet).waits_since, kNow);
  fleet.specify(0, Replicas{21}, kNow + Seconds{210});
  EXPECT_FALSE(whole(fleet).waits_since);
  EXPECT_EQ(placed(fleet), (Counts{7, 7, 7}));
}

/// What found no machine goes where it is wanted once a zone is back.
TEST(OneWorkload, WithoutANodeIsPlacedAnewWhenAZoneReturns) {
  PoolFleet fleet = three_zones();
  const Instant back = kNow + Seconds{3600};
  fleet.lose(1, kNow, back);
  fleet.advance(kNow + kEvicted);
  fleet.advance(kNow + Seconds{600});
  fleet.give_machines(false, kNow + Seconds{700});
  fleet.specify(0, Replicas{24}, kNow + Seconds{700});
  EXPECT_EQ(placed(fleet), (Counts{12, 0, 12}));
  fleet.advance(back);
  EXPECT_EQ(placed(fleet), (Counts{9, 6, 9}));
  EXPECT_EQ(whole(fleet).waits_since, kNow + Seconds{700});
}

/// Evicted in one zone, made anew where the scheduler may put it.
TEST(OneWorkload, OfDrainedNodesIsPlacedAnew) {
  PoolFleet fleet = three_zones();
  fleet.evict(1, Replicas{3}, kNow);
  EXPECT_EQ(placed(fleet), (Counts{6, 6, 6})) << "the skew leaves no other zone";
  EXPECT_EQ(fleet.counts()[1].ready, Replicas{3});
  EXPECT_EQ(fleet.counts()[1].starting, Replicas{3});
  EXPECT_EQ(whole(fleet).specified, Replicas{18});
  fleet.advance(kNow + Seconds{120});
  EXPECT_EQ(whole(fleet).ready, Replicas{18});
}

TEST(OneWorkload, RollsOutAsAWhole) {
  PoolFleet fleet = three_zones();
  fleet.begin_rollout(0, kNow);
  EXPECT_EQ(whole(fleet).specified, Replicas{18});
  EXPECT_EQ(whole(fleet).ready, Replicas{14}) << "a quarter of eighteen, rounded down, less";
  EXPECT_EQ(whole(fleet).standing(), Replicas{23}) << "a quarter, rounded up, more";
  EXPECT_TRUE(fleet.rolls_out());
  fleet.specify(0, Replicas{24}, kNow + Seconds{60});
  EXPECT_EQ(whole(fleet).standing(), Replicas{30});
  for (int wave = 1; wave <= 5; ++wave) fleet.advance(kNow + wave * Seconds{180});
  EXPECT_EQ(whole(fleet).ready, Replicas{24});
  EXPECT_EQ(whole(fleet).standing(), Replicas{24});
  EXPECT_FALSE(fleet.rolls_out());
}

/// What is said to stand in the lost zone is of the old version, and goes first.
TEST(OneWorkload, RollsOutWhileAZoneIsLost) {
  PoolFleet fleet = three_zones();
  fleet.lose(1, kNow, kNow + Seconds{3600});
  fleet.begin_rollout(0, kNow);
  EXPECT_EQ(whole(fleet).ready, Replicas{12});
  EXPECT_LT(fleet.counts()[1].dead, Replicas{6});
  for (int wave = 1; wave <= 8; ++wave) fleet.advance(kNow + wave * Seconds{180});
  EXPECT_EQ(placed(fleet), (Counts{9, 0, 9}));
  EXPECT_EQ(whole(fleet).ready, Replicas{18});
  EXPECT_FALSE(fleet.rolls_out());
}

}  // namespace
}  // namespace edgetide::simulation
