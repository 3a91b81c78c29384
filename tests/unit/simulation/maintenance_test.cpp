#include "simulation/maintenance.h"

#include <gmock/gmock.h>

#include <array>

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;

const Instant kNow{Seconds{1'000'000}};

/// What is ordered is Ready after exactly two minutes.
PoolFleet empty_domains(const std::optional<Zones>& zones = std::nullopt) {
  return PoolFleet({.domains = 3,
                    .start_up = {.machine_least = Seconds{100},
                                 .machine_most = Seconds{100},
                                 .container_least = Seconds{20},
                                 .container_most = Seconds{20}},
                    .seed = 1},
                   zones);
}

/// Three domains of 20, the second of 24.
PoolFleet three_domains(const std::optional<Zones>& zones = std::nullopt) {
  PoolFleet fleet = empty_domains(zones);
  fleet.begin_with(0, Replicas{20});
  fleet.begin_with(1, Replicas{24});
  fleet.begin_with(2, Replicas{20});
  return fleet;
}

/// Lives through one fault.
class Maintained {
 public:
  explicit Maintained(const Fault& fault, const std::optional<Zones>& zones = std::nullopt)
      : faults_{fault}, fleet_(three_domains(zones)) {}

  /// Until that long after the night begins, with what was told; the least that was Ready.
  void live_until(Seconds since) {
    for (; at_ <= since; at_ += Seconds{15}) {
      fleet_.advance(kNow + at_);
      maintenance_.act(fleet_, kNow + at_);
      for (const auto& note : maintenance_.notes()) told_ += note.text + "; ";
      least_ = std::min(least_, ready(1));
    }
  }

  [[nodiscard]] int ready(std::size_t domain) const {
    return fleet_.counts()[domain].ready.count();
  }
  [[nodiscard]] int least() const { return least_; }
  [[nodiscard]] const PoolFleet& fleet() const { return fleet_; }
  [[nodiscard]] const Maintenance& maintenance() const { return maintenance_; }
  [[nodiscard]] const std::string& told() const { return told_; }

 private:
  std::array<Fault, 1> faults_;
  PoolFleet fleet_;
  Maintenance maintenance_{faults_, {"a", "b", "c"}, kNow};
  Seconds at_{0};
  int least_ = 24;
  std::string told_;
};

Fault drain(double share, Seconds lasts, double unavailable = 1) {
  return {.kind = FaultKind::kNodesDrained,
          .from = kNow,
          .lasts = lasts,
          .by = share,
          .unavailable = unavailable};
}

TEST(DrainedNodes, OfTheFullestDomainGoOneAfterAnother) {
  Maintained pool(drain(.5, minutes{24}));
  pool.live_until(Seconds{0});
  EXPECT_EQ(pool.ready(1), 23);
  pool.live_until(minutes{30});
  EXPECT_EQ(pool.least(), 23) << "one in two minutes, which a start takes";
  EXPECT_EQ(pool.ready(0), 20);
  EXPECT_EQ(pool.ready(1), 24);
  EXPECT_EQ(pool.told(), "12 replicas of b on nodes to be drained; the nodes of b are drained; ");
}

TEST(DrainedNodes, WithoutABudgetGoAtOnce) {
  Maintained pool(drain(1, minutes{1}));
  pool.live_until(minutes{1});
  EXPECT_EQ(pool.ready(1), 0);
  EXPECT_EQ(pool.fleet().counts()[1].specified, Replicas{24});
  pool.live_until(minutes{4});
  EXPECT_EQ(pool.ready(1), 24);
}

/// Of 24 ten percent are three, rounded up; the next three go when these have been made anew.
TEST(DrainedNodes, WaitForTheBudget) {
  Maintained pool(drain(1, minutes{5}, .1));
  pool.live_until(minutes{5});
  EXPECT_EQ(pool.least(), 21);
  EXPECT_EQ(pool.told(),
            "24 replicas of b on nodes to be drained; the drain of b has evicted 9 of 24, held by "
            "its budget, when it is given up; ");
  EXPECT_TRUE(pool.maintenance().unfinished().empty());
  pool.live_until(minutes{8});
  EXPECT_EQ(pool.ready(1), 24);
}

TEST(DrainedNodes, AreToldOfAtTheEndOfTheNight) {
  Maintained pool(drain(1, minutes{24}, .1));
  pool.live_until(minutes{11});
  const auto unfinished = pool.maintenance().unfinished();
  ASSERT_EQ(unfinished.size(), 1u);
  EXPECT_THAT(unfinished[0].text,
              testing::MatchesRegex("the drain of b has evicted [0-9]+ of 24 when the night ends"));
}

TEST(DrainedNodes, OfOneReplicaAreOfOne) {
  Maintained pool(drain(.01, minutes{1}));
  pool.live_until(minutes{1});
  EXPECT_EQ(pool.told(), "1 replica of b on nodes to be drained; the nodes of b are drained; ");
}

/// The budget is that of the workload: what is not Ready anywhere counts.
TEST(DrainedNodes, OfOneWorkloadWaitForItsBudget) {
  Maintained pool(drain(1, minutes{5}, .1), Zones{.count = 3, .max_skew = 5});
  pool.live_until(Seconds{105});
  EXPECT_EQ(total_ready(pool.fleet().counts()), Replicas{64 - 7});
  EXPECT_EQ(pool.ready(1), 17);
}

TEST(DrainedNodes, OfBeforeTheNightAreNotDrainedAgain) {
  Fault drained = drain(1, minutes{1});
  drained.from -= Seconds{30};
  Maintained pool(drained);
  pool.live_until(minutes{1});
  EXPECT_EQ(pool.least(), 12);
}

/// What is due when the first step comes goes with it.
TEST(DrainedNodes, AreAllDrainedThoughItBeginsBetweenSteps) {
  Fault drained = drain(1, minutes{1});
  drained.from += Seconds{5};
  Maintained pool(drained);
  pool.live_until(Seconds{15});
  EXPECT_EQ(pool.ready(1), 24 - 5);
  pool.live_until(Seconds{75});
  EXPECT_EQ(pool.ready(1), 0);
}

TEST(DrainedNodes, OfNothingReadyStayEmpty) {
  for (const Seconds before : {Seconds{0}, Seconds{30}}) {
    Fault drained = drain(.5, minutes{10});
    drained.from -= before;
    const std::array faults{drained};
    PoolFleet fleet = empty_domains();
    Maintenance maintenance(faults, {"a", "b", "c"}, kNow);
    maintenance.act(fleet, kNow);
    fleet.begin_with(0, Replicas{1});
    maintenance.act(fleet, kNow + Seconds{15});
    EXPECT_EQ(fleet.counts()[0].ready, Replicas{1}) << before;
  }
}

TEST(Rollouts, GoFromTargetToTarget) {
  Maintained pool({.kind = FaultKind::kRollout, .from = kNow, .lasts = minutes{60}});
  pool.live_until(minutes{1});
  ASSERT_EQ(pool.maintenance().unfinished().size(), 1u);
  EXPECT_EQ(pool.maintenance().unfinished()[0].text,
            "the new version is not rolled out when the night ends");
  pool.live_until(minutes{19});
  EXPECT_FALSE(pool.fleet().rolls_out());
  EXPECT_EQ(pool.least(), 24);
  const Instant until = *pool.maintenance().rolled_until();
  EXPECT_LT(until, kNow + minutes{19});
  pool.live_until(minutes{20});
  EXPECT_EQ(pool.ready(1), 18);
  EXPECT_EQ(pool.ready(2), 20);
  pool.live_until(minutes{80});
  EXPECT_FALSE(pool.fleet().rolls_out());
  EXPECT_EQ(total_ready(pool.fleet().counts()), Replicas{64});
  EXPECT_GT(pool.maintenance().rolled_until(), kNow + minutes{40});
}

}  // namespace
}  // namespace edgetide::simulation
