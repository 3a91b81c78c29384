#include "simulation/fleet.h"

#include <gtest/gtest.h>

namespace edgetide::simulation {
namespace {

const Instant kNow{Seconds{1'000'000}};

/// Machines take 100 s and containers 20, so that everything is Ready after exactly 120.
constexpr StartUp kExactly120{.machine_least = Seconds{100},
                              .machine_most = Seconds{100},
                              .container_least = Seconds{20},
                              .container_most = Seconds{20}};

Fleet exact_fleet() {
  return Fleet({.domains = 2, .start_up = kExactly120, .drain = Seconds{60}, .seed = 1});
}

void expect_counts(const Fleet& fleet, std::size_t domain, DomainCounts expected) {
  const DomainCounts counts = fleet.counts(domain);
  EXPECT_EQ(counts.specified, expected.specified);
  EXPECT_EQ(counts.ready, expected.ready);
  EXPECT_EQ(counts.starting, expected.starting);
  EXPECT_EQ(counts.pending, expected.pending);
  EXPECT_EQ(counts.draining, expected.draining);
}

TEST(Fleet, OrderedReplicasStartAndThenServe) {
  Fleet fleet = exact_fleet();
  fleet.begin_with(0, Replicas{3});
  fleet.specify(0, Replicas{5}, kNow);
  expect_counts(fleet, 0,
                {.specified = Replicas{5}, .ready = Replicas{3}, .starting = Replicas{2}});
  fleet.advance(kNow + Seconds{119});
  EXPECT_EQ(fleet.counts(0).ready, Replicas{3});
  fleet.advance(kNow + Seconds{120});
  expect_counts(fleet, 0, {.specified = Replicas{5}, .ready = Replicas{5}});
  expect_counts(fleet, 1, {});
}

TEST(Fleet, StartUpTimesFillTheirRange) {
  Fleet fleet({.domains = 1, .start_up = {}, .seed = 3});
  fleet.specify(0, Replicas{1000}, kNow);
  fleet.advance(kNow + Seconds{164});
  EXPECT_EQ(fleet.counts(0).ready, Replicas{0});  // 120 + 45 at least
  fleet.advance(kNow + Seconds{262});             // half way from 165 to 360
  EXPECT_NEAR(fleet.counts(0).ready.count(), 500, 50);
  fleet.advance(kNow + Seconds{330});
  EXPECT_NEAR(fleet.counts(0).ready.count(), 950, 25);
  fleet.advance(kNow + Seconds{360});  // 240 + 120 at most
  EXPECT_EQ(fleet.counts(0).ready, Replicas{1000});
}

TEST(Fleet, WhatIsTakenAwayDrainsAndLeavesTheNewestFirst) {
  Fleet fleet = exact_fleet();
  fleet.begin_with(0, Replicas{4});
  fleet.specify(0, Replicas{6}, kNow);
  fleet.specify(0, Replicas{3}, kNow + Seconds{10});  // both starting ones, then one that serves
  expect_counts(fleet, 0,
                {.specified = Replicas{3}, .ready = Replicas{3}, .draining = Replicas{1}});
  fleet.advance(kNow + Seconds{69});
  EXPECT_EQ(fleet.counts(0).draining, Replicas{1});
  fleet.advance(kNow + Seconds{70});
  expect_counts(fleet, 0, {.specified = Replicas{3}, .ready = Replicas{3}});
}

TEST(Fleet, ALostDomainStaysEmptyUntilItIsBackAndThenStartsAnew) {
  Fleet fleet = exact_fleet();
  fleet.begin_with(0, Replicas{4});
  fleet.begin_with(1, Replicas{4});
  const Instant back_at = kNow + Seconds{600};
  fleet.lose(0, kNow, back_at);
  EXPECT_TRUE(fleet.lost(0));
  expect_counts(fleet, 0, {.specified = Replicas{4}, .pending = Replicas{4}});
  expect_counts(fleet, 1, {.specified = Replicas{4}, .ready = Replicas{4}});

  fleet.specify(0, Replicas{6}, kNow + Seconds{60});  // no machine to be had
  expect_counts(fleet, 0, {.specified = Replicas{6}, .pending = Replicas{6}});
  fleet.specify(0, Replicas{5}, kNow + Seconds{90});
  expect_counts(fleet, 0, {.specified = Replicas{5}, .pending = Replicas{5}});

  fleet.advance(back_at);
  EXPECT_FALSE(fleet.lost(0));
  expect_counts(fleet, 0, {.specified = Replicas{5}, .starting = Replicas{5}});
  fleet.advance(back_at + Seconds{120});
  expect_counts(fleet, 0, {.specified = Replicas{5}, .ready = Replicas{5}});
}

TEST(Fleet, CachesFillEvenlyAfterAStart) {
  Fleet fleet(
      {.domains = 1, .start_up = kExactly120, .drain = Seconds{60}, .warm_up = Seconds{100}});
  fleet.begin_with(0, Replicas{10});
  EXPECT_EQ(fleet.counts(0).cold, Replicas{0});
  fleet.specify(0, Replicas{20}, kNow);
  fleet.advance(kNow + Seconds{120});
  EXPECT_EQ(fleet.counts(0).cold, Replicas{10});
  fleet.advance(kNow + Seconds{160});
  EXPECT_EQ(fleet.counts(0).cold, Replicas{6});
  EXPECT_EQ(total_serving(std::vector{fleet.counts(0)}), Replicas{14});
  fleet.specify(0, Replicas{15}, kNow + Seconds{160});  // the youngest leave first
  EXPECT_EQ(fleet.counts(0).cold, Replicas{3});
  fleet.advance(kNow + Seconds{220});
  EXPECT_EQ(fleet.counts(0).cold, Replicas{0});
}

TEST(Fleet, WhatFailsStartsAnew) {
  Fleet fleet = exact_fleet();
  fleet.let_starts_fail(true);
  fleet.specify(0, Replicas{2}, kNow);
  fleet.advance(kNow + Seconds{120});
  expect_counts(fleet, 0, {.specified = Replicas{2}, .starting = Replicas{2}});
  fleet.let_starts_fail(false);
  fleet.advance(kNow + Seconds{239});
  EXPECT_EQ(fleet.counts(0).ready, Replicas{0});
  fleet.advance(kNow + Seconds{240});
  expect_counts(fleet, 0, {.specified = Replicas{2}, .ready = Replicas{2}});
}

Fleet fleet_on_nodes(NodeRoom nodes) {
  return Fleet(
      {.domains = 2, .start_up = kExactly120, .drain = Seconds{60}, .nodes = nodes, .seed = 1});
}

TEST(Fleet, OnNodesThatAreThereTakesItsContainersTimeAlone) {
  Fleet fleet = fleet_on_nodes({.at_first = Replicas{5}, .most = Replicas{5}});
  fleet.begin_with(0, Replicas{3});
  fleet.specify(0, Replicas{5}, kNow);
  fleet.advance(kNow + Seconds{20});
  expect_counts(fleet, 0, {.specified = Replicas{5}, .ready = Replicas{5}});
  EXPECT_FALSE(fleet.counts(0).waits_since);
}

TEST(Fleet, BeyondItsNodesWaitsUntilMoreHaveCome) {
  Fleet fleet =
      fleet_on_nodes({.at_first = Replicas{3}, .most = Replicas{5}, .provision = Seconds{300}});
  fleet.begin_with(0, Replicas{3});
  fleet.specify(0, Replicas{7}, kNow);
  fleet.advance(kNow + Seconds{299});
  expect_counts(fleet, 0, {.specified = Replicas{7}, .ready = Replicas{3}, .pending = Replicas{4}});
  EXPECT_EQ(fleet.counts(0).waits_since, kNow);
  fleet.advance(kNow + Seconds{300});
  expect_counts(fleet, 0,
                {.specified = Replicas{7},
                 .ready = Replicas{3},
                 .starting = Replicas{2},
                 .pending = Replicas{2}});
  fleet.advance(kNow + Seconds{5000});
  expect_counts(fleet, 0, {.specified = Replicas{7}, .ready = Replicas{5}, .pending = Replicas{2}});
  EXPECT_EQ(fleet.counts(0).waits_since, kNow) << "no more nodes can be had";
}

TEST(Fleet, TakesTheRoomThatDrainedReplicasLeave) {
  Fleet fleet = fleet_on_nodes({.at_first = Replicas{3}, .most = Replicas{3}});
  fleet.begin_with(0, Replicas{3});
  fleet.specify(0, Replicas{2}, kNow);
  fleet.specify(0, Replicas{3}, kNow + Seconds{10});
  EXPECT_EQ(fleet.counts(0).pending, Replicas{1}) << "the one that drains is on its node still";
  fleet.advance(kNow + Seconds{60});
  EXPECT_EQ(fleet.counts(0).starting, Replicas{1});
  EXPECT_FALSE(fleet.counts(0).waits_since);
}

TEST(Fleet, WaitsForMachinesUntilThereAreAny) {
  for (const std::optional<NodeRoom>& nodes :
       {std::optional<NodeRoom>{}, {{.at_first = Replicas{9}, .most = Replicas{9}}}}) {
    Fleet fleet({.domains = 2, .start_up = kExactly120, .nodes = nodes, .seed = 1});
    fleet.begin_with(0, Replicas{3});
    fleet.give_machines(false, kNow);
    fleet.specify(0, Replicas{4}, kNow + Seconds{10});
    fleet.specify(0, Replicas{5}, kNow + Seconds{300});
    EXPECT_EQ(fleet.counts(0).pending, Replicas{2});
    EXPECT_EQ(fleet.counts(0).waits_since, kNow + Seconds{10});
    fleet.specify(0, Replicas{3}, kNow + Seconds{400});
    EXPECT_FALSE(fleet.counts(0).waits_since);
    fleet.specify(0, Replicas{5}, kNow + Seconds{500});
    fleet.lose(1, kNow + Seconds{500}, kNow + Seconds{900});
    EXPECT_FALSE(fleet.counts(1).waits_since) << "its machines are gone with it";
    fleet.give_machines(true, kNow + Seconds{600});
    fleet.advance(kNow + Seconds{600});
    EXPECT_EQ(fleet.counts(0).starting, Replicas{2});
    EXPECT_FALSE(fleet.counts(0).waits_since);
  }
}

TEST(Fleet, EvictsThoseThatAreReadyTheLongest) {
  Fleet fleet({.domains = 1,
               .start_up = kExactly120,
               .drain = Seconds{60},
               .warm_up = Seconds{100},
               .seed = 1});
  fleet.begin_with(0, Replicas{4});
  fleet.specify(0, Replicas{6}, kNow);
  fleet.advance(kNow + Seconds{120});
  fleet.evict(0, Replicas{4}, kNow + Seconds{120});
  expect_counts(fleet, 0,
                {.specified = Replicas{2}, .ready = Replicas{2}, .draining = Replicas{4}});
  EXPECT_EQ(fleet.counts(0).cold, Replicas{2});
}

TEST(Fleet, RollsOutStepByStepAndOrdersForTheNewVersion) {
  Fleet fleet = exact_fleet();
  fleet.begin_with(0, Replicas{8});
  fleet.begin_with(1, Replicas{8});
  fleet.advance(kNow);
  fleet.outdate(0);
  fleet.roll_out(kNow);
  expect_counts(fleet, 0,
                {.specified = Replicas{8},
                 .ready = Replicas{6},
                 .starting = Replicas{4},
                 .draining = Replicas{2}});
  expect_counts(fleet, 1, {.specified = Replicas{8}, .ready = Replicas{8}});
  EXPECT_EQ(fleet.counts(0, Version::kOld).ready, 6);
  fleet.specify(0, Replicas{12}, kNow + Seconds{60});
  EXPECT_EQ(fleet.counts(0, Version::kCurrent).starting, 9) << "12 asked for, and a surge of 3";
  for (int wave = 1; wave <= 4; ++wave) {
    fleet.advance(kNow + wave * Seconds{180});
    fleet.roll_out(kNow + wave * Seconds{180});
  }
  expect_counts(fleet, 0, {.specified = Replicas{12}, .ready = Replicas{12}});
  EXPECT_EQ(fleet.counts(0, Version::kOld).all(), 0);
}

TEST(Fleet, OutdatesTheVersionBeforeTheLastToo) {
  Fleet fleet = exact_fleet();
  fleet.begin_with(0, Replicas{8});
  fleet.advance(kNow);
  fleet.outdate(0);
  fleet.roll_out(kNow);
  fleet.outdate(0);
  EXPECT_EQ(fleet.counts(0, Version::kOld).ready, 6);
  EXPECT_EQ(fleet.counts(0, Version::kOld).starting, 4);
  EXPECT_EQ(fleet.counts(0, Version::kCurrent).all(), 0);
}

TEST(Fleet, PaysForReadyAndStartingAlone) {
  const std::vector<DomainCounts> domains{{.specified = Replicas{9},
                                           .ready = Replicas{3},
                                           .starting = Replicas{2},
                                           .pending = Replicas{4},
                                           .draining = Replicas{5}},
                                          {.specified = Replicas{1}, .ready = Replicas{1}}};
  EXPECT_EQ(total_ready(domains), Replicas{4});
  EXPECT_EQ(total_paid(domains), Replicas{6});
  EXPECT_EQ(total_specified(domains), Replicas{10});
}

}  // namespace
}  // namespace edgetide::simulation
