// What an operator that keeps its promises never does is made up: a decision that breaks one.

#include "simulation/invariants.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "simulation/closed_loop.h"
#include "simulation/floor.h"
#include "support/tiers.h"

namespace edgetide::simulation {
namespace {

constexpr int kEach = 12;    ///< Ordered in each domain,
constexpr int kNeeded = 20;  ///< of which so many have to be left after a loss.

std::vector<std::string> rules_of(const std::vector<Breach>& breaches) {
  std::vector<std::string> rules;
  for (const Breach& breach : breaches) rules.push_back(breach.rule);
  return rules;
}

/// No machine is to be had for what the viewers of the moment need, so long after it was ordered.
class WithoutNodes : public testing::Test {
 protected:
  explicit WithoutNodes(Seconds waited = Seconds{400}) : world_(night_) {
    world_.settle();
    for (std::size_t i = 0; i < world_.fleet().size(); ++i)
      world_.fleet().specify(i, Replicas{kEach}, world_.now());
    world_.clock().advance(waited);
    world_.settle();
    auto& report = decision_.report;
    report.at = world_.now();
    report.lead_time = Seconds{330};
    for (const auto& domain : night_.pool.domains)
      report.plan.domains.push_back({domain.name, Replicas{kEach}, Replicas{kEach}});
    const int carrying = kNeeded - night_.pool.redundancy.spare.count();
    const double usable =
        night_.pool.capacity.viewers->count() * night_.pool.capacity.target_utilization.count();
    report.observation.demand.viewers = {
        .freshness = model::Freshness::kFresh, .value = carrying * usable, .at = report.at};
    report.observation.domains.resize(night_.pool.domains.size(), {.known = true});
    report.conditions = {{"RedundancyMet", model::ConditionStatus::kFalse, "", ""}};
    report.shortfall = model::Shortfall{};
  }

  std::vector<std::string> judged() {
    Invariants invariants(world_);
    const auto standing = world_.fleet().standing();
    invariants.judge(decision_, standing, standing.targets);
    return rules_of(invariants.breaches());
  }

  Scenario night_ = [] {
    Scenario night = sport_evening({.zone_loss = false});
    night.faults = {{.kind = FaultKind::kNoMachines, .from = night.from, .lasts = Seconds{3600}}};
    return night;
  }();
  World world_;
  Decision decision_;
};

using Rules = std::vector<std::string>;

TEST_F(WithoutNodes, IsReportedOrBreaksAPromise) {
  EXPECT_EQ(judged(), Rules{});
  decision_.report.shortfall.reset();
  EXPECT_EQ(judged(), (Rules{"UnservedInSilence", "WaitsInSilence"}));
}

TEST_F(WithoutNodes, IsNoReserve) {
  decision_.report.conditions.front().status = model::ConditionStatus::kTrue;
  EXPECT_EQ(judged(), Rules{"ReserveInSilence"});
}

TEST_F(WithoutNodes, IsWaitedForALeadTime) {
  decision_.report.lead_time = Seconds{400};
  decision_.report.shortfall.reset();
  EXPECT_EQ(judged(), Rules{"UnservedInSilence"}) << "what is Ready does not carry them meanwhile";
  const auto& capacity = night_.pool.capacity;
  decision_.report.observation.demand.viewers.value = total_ready(world_.counts()).count() *
                                                      capacity.viewers->count() *
                                                      capacity.target_utilization.count();
  EXPECT_EQ(judged(), Rules{});
}

/// What does not serve of a domain that fails is rebuilt at once in the others, once it has failed
/// for long: not while a rise starts.
TEST(FloorGap, CountsADomainThatFailsOnceItHasForLong) {
  const Scenario night = sport_evening({.zone_loss = false});
  World world(night);
  world.settle();
  const auto& pool = night.pool;
  Decision decision;
  decision.report.observation.domains.resize(pool.domains.size(), {.known = true});
  const double usable = pool.capacity.viewers->count() * pool.capacity.target_utilization.count();
  const int carrying = kNeeded - pool.redundancy.spare.count();
  decision.report.observation.demand.viewers = {
      .freshness = model::Freshness::kFresh, .value = carrying * usable, .at = world.now()};
  auto standing = world.fleet().standing();
  for (DomainCounts& domain : standing.targets) domain.specified = domain.ready = Replicas{kEach};
  standing.targets[0].ready = Replicas{2};
  FloorGap gap(world);
  const auto gap_after = [&](Seconds passed) {
    world.clock().advance(passed);
    gap.note(standing.targets);
    return gap.most(decision, OrderedLoss(pool, world.fleet(), standing), standing.targets);
  };
  const int of_all = gap_after(Seconds{0});
  const Seconds patience = std::max(pool.redundancy.rebuild_after, pool.lead_time);
  EXPECT_EQ(gap_after(patience - Seconds{15}), of_all);
  EXPECT_GT(gap_after(Seconds{15}), of_all);
  standing.targets[0].ready = Replicas{kEach / 2};
  EXPECT_EQ(gap_after(Seconds{15}), of_all);
}

Decision without_reserve() {
  Decision decision;
  decision.report.conditions = {
      {"RedundancyMet", model::ConditionStatus::kFalse, "ReserveMissing", "1 is"}};
  return decision;
}

/// An order takes as long; where the reserve is there for a minute it begins anew.
TEST(NotSettled, IsToldOfEachPoolThatLacksItsReserveForALeadTime) {
  const Scenario night = testing_support::through_tiers({.seed = 3, .zone_loss = false});
  World world(night);
  Decision look = without_reserve();
  Invariants edge(world);
  TierInvariants origin(world, 1);
  const auto told_after = [&](Seconds passed) {
    world.clock().advance(passed);
    edge.judge(look, world.fleet().standing(), world.fleet().standing().targets);
    origin.judge(look, world.farther()[1].fleet().standing());
    const auto told_before = edge.breaches().size() + origin.breaches().size();
    edge.judge_end();
    origin.judge_end();
    return edge.breaches().size() + origin.breaches().size() - told_before;
  };
  EXPECT_EQ(told_after(Seconds{0}), 0u);
  EXPECT_EQ(told_after(Seconds{1185}), 0u) << "nothing has had time to settle";
  EXPECT_EQ(told_after(Seconds{15}), 2u);
  EXPECT_EQ(edge.breaches().back().rule, "NotSettled");
  EXPECT_EQ(origin.breaches().back().rule, "NotSettled");
  EXPECT_EQ(origin.breaches().back().detail,
            "origin: ReserveMissing: 1 is since " + edgetide::to_string(night.from));

  auto& met = look.report.conditions.front().status;
  met = model::ConditionStatus::kTrue;
  EXPECT_EQ(told_after(Seconds{600}), 0u);
  EXPECT_EQ(told_after(Seconds{60}), 0u);
  met = model::ConditionStatus::kFalse;
  EXPECT_EQ(told_after(Seconds{15}), 0u);
  EXPECT_EQ(told_after(night.pool.lead_time), 2u);
  look.report.shortfall = model::Shortfall{};
  EXPECT_EQ(told_after(Seconds{15}), 0u);
}

TEST(NotSettled, IsToldTwentyMinutesAfterARolloutHasEndedHoweverLongItTakes) {
  Scenario night = sport_evening({.zone_loss = false});
  night.start_up = {.container_least = Seconds{1800}, .container_most = Seconds{1800}};
  night.faults = {{.kind = FaultKind::kRollout, .from = night.from, .lasts = Seconds{60}}};
  World world(night);
  Settling settling;
  settling.note(night.pool, without_reserve().report, world.now());
  const auto unsettled_after = [&](Seconds more) {
    for (const Instant until = world.now() + more; world.now() < until;
         world.clock().advance(night.step))
      world.settle();
    return settling.unsettled(world, night.pool);
  };
  EXPECT_FALSE(unsettled_after(Seconds{1500})) << "the first replicas have not started yet";
  EXPECT_TRUE(world.fleet().rolls_out());
  EXPECT_TRUE(unsettled_after(Seconds{4 * 3600}));
}

/// Writes that met something else than was seen.
std::size_t conflicts_in(const Recording& recording) {
  std::size_t conflicts = 0;
  for (const Decision& decision : recording.decisions) {
    conflicts += static_cast<std::size_t>(
        std::ranges::count_if(decision.outcome.writes, [](const auto& write) {
          return !write.result.ok() && write.result.error().code == ErrorCode::kConflict;
        }));
  }
  return conflicts;
}

// Two minutes after its first deed it comes between a look that raises all domains and its writes.
TEST(Rival, LowersBeforeALookAndBetweenItAndWhatItWrites) {
  Scenario night = sport_evening({.zone_loss = false});
  std::size_t rises = 0;
  std::size_t conflicts = 0;
  for (const Decision& rise : run(night, PolicyKind::kEdgetide).decisions) {
    const bool all_rise = std::ranges::all_of(
        rise.report.plan.domains, [](const auto& domain) { return domain.to > domain.from; });
    const Instant begins = rise.report.at - Seconds{120};
    if (!all_rise || begins < night.from || ++rises > 20) continue;
    night.faults = {{.kind = FaultKind::kRivalLowers, .from = begins, .lasts = Seconds{300}}};
    const Recording recording = run(night, PolicyKind::kEdgetide);
    conflicts += conflicts_in(recording);
    EXPECT_EQ(rules_of(recording.breaches), Rules{}) << edgetide::to_string(begins);
  }
  EXPECT_GT(rises, 0u);
  EXPECT_GT(conflicts, 0u);
}

TEST(ApiServerGone, LetsNobodyWriteAndIsLivedThrough) {
  Scenario night = sport_evening({.zone_loss = false});
  const Instant rise = night.tonight.kick_off - std::chrono::minutes{30};
  night.faults = {{.kind = FaultKind::kApiServerGone, .from = rise, .lasts = Seconds{600}}};
  for (const PolicyKind kind : {PolicyKind::kEdgetide, PolicyKind::kHpa60}) {
    const Recording recording = run(night, kind);
    EXPECT_EQ(rules_of(recording.breaches), Rules{});
    const auto asked_at = [&](Instant at) {
      const auto later = std::ranges::upper_bound(recording.frames, at, {}, &Frame::at);
      return total_specified(std::prev(later)->domains);
    };
    EXPECT_EQ(asked_at(rise + Seconds{585}), asked_at(rise - Seconds{15}));
  }
}

}  // namespace
}  // namespace edgetide::simulation
