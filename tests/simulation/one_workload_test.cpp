// One workload that the scheduler spreads over zones, in the closed loop.

#include "support/one_workload.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "simulation/closed_loop.h"
#include "simulation/world_ports.h"
#include "support/nights.h"

namespace edgetide::simulation {
namespace {

using testing::ElementsAre;
using testing_support::over_zones;

std::vector<std::string> rules_of(const std::vector<Breach>& breaches) {
  std::vector<std::string> rules;
  for (const Breach& breach : breaches) rules.push_back(breach.rule + " " + breach.detail);
  return rules;
}

const Frame& frame_at(const Recording& recording, Instant at) {
  return *std::prev(std::ranges::upper_bound(recording.frames, at, {}, &Frame::at));
}

TEST(OneWorkload, OutlivesTheLossOfAZoneAndItsReturn) {
  for (const int max_skew : {1, 3}) {
    const Scenario night = over_zones({}, {.count = 3, .max_skew = max_skew});
    const Recording recording =
        run(night, PolicyKind::kEdgetide, nullptr, testing_support::quick_to_learn());
    EXPECT_THAT(rules_of(recording.breaches), ElementsAre());
    EXPECT_EQ(recording.score.zone_loss->viewer_minutes, 0);
    const Frame& before = frame_at(recording, night.zone_loss->at - night.step);
    const Frame& evicted = frame_at(recording, night.zone_loss->at + Seconds{400});
    const auto lost = std::ranges::find(evicted.domains, true, &DomainCounts::gone);
    ASSERT_NE(lost, evicted.domains.end());
    const auto zone = static_cast<std::size_t>(lost - evicted.domains.begin());
    EXPECT_GT(total_specified(evicted), total_specified(before)) << "two zones take more";
    const Frame& back = frame_at(recording, night.zone_loss->back_at());
    EXPECT_FALSE(back.domains[zone].gone);
    EXPECT_EQ(back.domains[zone].ready, Replicas{0}) << "and nothing moves there";
  }
}

TEST(OneWorkload, IsAskedForByPeersAsAWhole) {
  const Scenario night = over_zones({}, {});
  const Recording recording = run(night, PolicyKind::kHpa60);
  EXPECT_GT(recording.writes, 50u);
  for (const Frame& frame : recording.frames)
    ASSERT_LE(total_specified(frame), night.pool.replicas.max);
  const Frame& evicted = frame_at(recording, night.zone_loss->at + Seconds{600});
  EXPECT_EQ(std::ranges::count(evicted.domains, true, &DomainCounts::gone), 1);
}

/// What the operator reads of the world.
class Seen : public testing::Test {
 protected:
  model::DomainObservation look() {
    world_.settle();
    const auto seen = pools_.fleet(night_.pool);
    EXPECT_EQ(seen.size(), 1u);
    return seen.front();
  }
  static std::vector<std::string> text(const model::DomainObservation& seen) {
    std::vector<std::string> zones;
    for (const auto& zone : seen.spread->domains)
      zones.push_back(zone.name + " " + std::to_string(zone.ready.count()) + "+" +
                      std::to_string(zone.starting.count()));
    return zones;
  }

  Scenario night_ = [] {
    Scenario night = over_zones({.zone_loss = false}, {.count = 3, .max_skew = 2});
    night.zone_loss = ZoneLoss{.at = night.from, .lasts = Seconds{1200}};
    return night;
  }();
  World world_{night_};
  WorldPools pools_{world_};
};

TEST_F(Seen, IsWhatStandsInEachZone) {
  const int each = world_.counts().front().ready.count();
  const std::string ready = " " + std::to_string(each) + "+0";
  const auto dead = look();
  EXPECT_EQ(dead.specified, Replicas{3 * each});
  EXPECT_EQ(dead.ready, Replicas{2 * each});
  EXPECT_EQ(dead.starting, Replicas{each});
  EXPECT_EQ(dead.unready_since, std::vector<Instant>(static_cast<std::size_t>(each), night_.from));
  EXPECT_EQ(dead.spread->max_skew, 2);
  EXPECT_THAT(dead.spread->closed, ElementsAre("zone-1"));
  EXPECT_THAT(text(dead),
              ElementsAre("zone-1 0+" + std::to_string(each), "zone-2" + ready, "zone-3" + ready));
  world_.clock().advance(Seconds{345});
  const auto evicted = look();
  EXPECT_EQ(evicted.spread->domains.size(), 2u) << "the lost zone has no node";
  EXPECT_EQ(evicted.starting, Replicas{each});
  EXPECT_THAT(evicted.spread->closed, ElementsAre());
  world_.clock().advance(Seconds{900});
  EXPECT_THAT(text(look()), testing::Contains("zone-1 0+0")) << "back, and empty";
}

TEST_F(Seen, OfMoreThanZonesTakeIsWithoutANode) {
  look();
  const Replicas all = pools_.fleet(night_.pool).front().specified;
  ASSERT_TRUE(pools_.scale(night_.pool, {.domain = 0, .from = all, .to = all + Replicas{40}}).ok());
  const auto seen = look();
  ASSERT_TRUE(seen.unschedulable.has_value());
  EXPECT_EQ(seen.unschedulable->replicas, Replicas{36}) << "two more in each of two zones";
  EXPECT_EQ(seen.unschedulable->since, night_.from);
}

/// A made-up decision on zones of 7, 7 and 7 for viewers who need 14 replicas after a loss.
class Judged : public testing::Test {
 protected:
  std::vector<std::string> rules(int to, bool met = false) {
    World world(night_);
    for (std::size_t zone = 0; zone < 3; ++zone) EXPECT_GE(world.counts()[zone].ready, Replicas{1});
    world.fleet().specify(0, Replicas{21}, world.now());
    world.clock().advance(Seconds{600});
    world.settle();
    Decision decision;
    auto& report = decision.report;
    report.at = world.now();
    report.lead_time = Seconds{330};
    report.plan.domains.push_back({"live-edge", Replicas{21}, Replicas{to}});
    const auto& [capacity, spare] = std::pair{night_.pool.capacity, night_.pool.redundancy.spare};
    report.observation.demand.viewers = {.freshness = model::Freshness::kFresh,
                                         .value = (14 - spare.count()) * capacity.viewers->count() *
                                                  capacity.target_utilization.count(),
                                         .at = report.at};
    report.observation.domains.resize(1, {.known = true});
    report.conditions = {{"RedundancyMet",
                          met ? model::ConditionStatus::kTrue : model::ConditionStatus::kFalse, "",
                          ""}};
    if (lost_) world.fleet().lose(0, world.now(), world.now() + Seconds{3600});
    Invariants invariants(world);
    const Standing standing = world.fleet().standing();
    invariants.judge(decision, standing, standing.targets);
    return rules_of(invariants.breaches());
  }

  bool lost_ = false;
  Scenario night_ = over_zones({.zone_loss = false}, {.count = 3, .max_skew = 1});
};

TEST_F(Judged, KeepsItsPromiseWithOneZoneMoreThanIsNeeded) {
  EXPECT_THAT(rules(21), ElementsAre());
  EXPECT_THAT(rules(20), ElementsAre("ShortInSilence 13 left of 14 needed",
                                     "BelowFloor 13 left of 14 needed"));
}

TEST_F(Judged, HasNoReserveInAZoneThatIsLost) {
  EXPECT_THAT(rules(21, /*met=*/true), ElementsAre());
  lost_ = true;
  EXPECT_THAT(rules(21, /*met=*/true), ElementsAre("ReserveInSilence 7 left of 14 needed"));
}

}  // namespace
}  // namespace edgetide::simulation
