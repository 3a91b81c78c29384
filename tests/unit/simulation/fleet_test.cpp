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
