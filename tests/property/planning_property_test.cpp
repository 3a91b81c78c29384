// Promises that hold for every plan, over a hundred thousand random worlds by fixed seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/recommender.h"
#include "planning_worlds.h"

namespace edgetide::planning {
namespace {

TEST(EveryPlan, KeepsItsPromisesByItsOwnVerdict) {
  for (int seed = 0; seed < kWorlds; ++seed) {
    const World world = Worlds(static_cast<std::uint64_t>(seed)).world();
    const auto result = world.plan();
    ASSERT_TRUE(result.report.violations.empty())
        << "seed " << seed << ": " << result.report.violations.front().rule << ": "
        << result.report.violations.front().detail;
  }
}

TEST(EveryPlan, LowersNothingInDoubt) {
  for (int seed = 0; seed < kWorlds; ++seed) {
    Worlds chance(static_cast<std::uint64_t>(seed));
    World world = chance.world();
    chance.spoil(world);
    for (const auto& domain : world.plan().report.plan.domains) {
      ASSERT_GE(domain.to, domain.from) << "seed " << seed << ", " << domain.name;
    }
  }
}

TEST(EveryPlan, StaysWithinItsLimits) {
  for (int seed = 0; seed < kWorlds; ++seed) {
    const World world = Worlds(static_cast<std::uint64_t>(seed)).world();
    const auto plan = world.plan().report.plan;
    ASSERT_LE(plan.total_to(), std::max(world.pool.replicas.max, plan.total_from())) << seed;
    for (std::size_t i = 0; i < plan.domains.size(); ++i) {
      ASSERT_LE(plan.domains[i].to,
                std::max(world.pool.domains[i].max_replicas, plan.domains[i].from))
          << seed;
    }
  }
}

/// Rebuilding what of a domain does not serve takes from none, and stays within the maximum.
TEST(EveryPlan, LowersNoMoreForADomainOfWhichLittleServes) {
  Worlds worlds(77);
  int raised = 0;
  for (int i = 0; i < kWorlds; ++i) {
    World world = worlds.world();
    if (model::total(model::domain_limits(world.pool)) < world.pool.replicas.min) continue;
    for (auto& domain : world.observation.domains) {
      auto& failing = world.memory.failing.emplace_back();
      if (!worlds.one_in(3) || domain.specified < Replicas{3}) continue;
      domain.ready = Replicas{worlds.whole(0, (domain.specified.count() - 1) / 2)};
      failing = {
          .since = world.now - Seconds{3600}, .asked = domain.specified, .served = domain.ready};
    }
    const auto with = world.plan().report;
    world.pool.redundancy.rebuild_after = Seconds{7200};
    const auto without = world.plan().report;
    ASSERT_TRUE(with.violations.empty()) << i << ": " << with.violations.front().detail;
    ASSERT_LE(with.plan.total_to(), std::max(world.pool.replicas.max, with.plan.total_from())) << i;
    const auto loses_all = [](const auto& outage) { return outage.serving == Replicas{0}; };
    const bool some_serve = std::ranges::none_of(with.outages, loses_all);
    for (std::size_t d = 0; d < without.plan.domains.size(); ++d) {
      const auto& [name, from, to] = with.plan.domains[d];
      ASSERT_GE(to, std::min(from, without.plan.domains[d].to)) << i << ", " << name;
      if (some_serve && with.sizing.missing > Replicas{0}) {
        ASSERT_GE(with.sizing.per_domain[d], without.sizing.per_domain[d]) << i << ", " << name;
      }
    }
    raised += with.plan.total_to() > without.plan.total_to();
  }
  EXPECT_GT(raised, kWorlds / 100);
}

/// A pause without a number keeps all that stands; one with a number is that number, whatever the
/// demand, wherever every domain is known and holds so many.
/// A fleet as even as the limits allow, within the maximum, of which a domain cannot be read.
TEST(EveryPlan, KeepsToTheMaximumWithWhatWasNeverSeen) {
  Worlds worlds(31);
  int raised = 0;
  for (int i = 0; i < 100'000; ++i) {
    World world = worlds.world();
    const auto limits = model::domain_limits(world.pool);
    const auto standing =
        sizing::spread(Replicas{worlds.whole(0, world.pool.replicas.max.count())}, limits)
            .per_domain;
    for (std::size_t d = 0; d < limits.size(); ++d)
      world.observation.domains[d].specified = world.observation.domains[d].ready = standing[d];
    const auto gone =
        static_cast<std::size_t>(worlds.whole(0, static_cast<int>(limits.size()) - 1));
    world.observation.domains[gone] = {.name = world.pool.domains[gone].name, .known = false};
    const auto plan = world.plan().report.plan;
    if (plan.total_to() <= plan.total_from()) continue;
    ++raised;
    EXPECT_LE(plan.total_to() + standing[gone], world.pool.replicas.max) << i;
  }
  EXPECT_GT(raised, 10'000);
}

TEST(EveryPlan, KeepsToAPauseByItsOwnVerdict) {
  for (int seed = 0; seed < kWorlds; ++seed) {
    Worlds chance(static_cast<std::uint64_t>(seed));
    World world = chance.world();
    world.pool.pause = {.until = world.now + Seconds{chance.whole(0, 9)}, .replicas = std::nullopt};
    if (chance.one_in(2)) world.pool.pause->replicas = Replicas{chance.whole(1, 120)};
    const bool spoiled = chance.one_in(3);
    if (spoiled) chance.spoil(world);
    const auto report = world.plan().report;
    ASSERT_TRUE(spoiled || report.violations.empty())
        << "seed " << seed << ": " << report.violations.front().rule << ": "
        << report.violations.front().detail;
    if (!report.pause || report.pause->replicas) continue;
    for (const auto& domain : report.plan.domains) {
      ASSERT_GE(domain.to, domain.from) << "seed " << seed << ", " << domain.name;
    }
  }
}

/// Counted by hand, from the plan alone: what is left without the largest domain carries the
/// viewers of this moment, or the report says that it does not.
TEST(EveryPlan, SurvivesTheWorstLossOrSaysThatItDoesNot) {
  for (int seed = 0; seed < kWorlds; ++seed) {
    const World world = Worlds(static_cast<std::uint64_t>(seed)).world();
    const auto report = world.plan().report;
    int left = report.plan.total_to().count();
    if (world.pool.redundancy.survive == model::Survive::kFailureDomain) {
      int largest = 0;
      for (const auto& domain : report.plan.domains) largest = std::max(largest, domain.to.count());
      left -= largest;
    }
    if (left * 750.0 >= world.observation.demand.viewers.value) continue;
    ASSERT_TRUE(report.shortfall.has_value()) << "seed " << seed;
  }
}

/// Counted by hand: what is recommended carries the peak, and after the worst loss that which is
/// wanted then, or says what is missing.
TEST(EveryPlan, SizesForThePeakAndForWhatALossLeaves) {
  for (int seed = 0; seed < kWorlds; ++seed) {
    const World world = Worlds(static_cast<std::uint64_t>(seed)).world();
    const auto& window = world.peaks.to_rise.window;
    const Viewers after_loss = world.peaks.to_rise.after_loss;
    const auto sized = sizing::recommend({.planned = window.quantile, .after_loss = after_loss},
                                         world.pool, world.observation);
    const int spare = world.pool.redundancy.spare.count();
    const bool loses = world.pool.redundancy.survive == model::Survive::kFailureDomain;
    const int whole = static_cast<int>(std::ceil(window.quantile.count() / 750)) + spare;
    const int survivors =
        loses ? static_cast<int>(std::ceil(after_loss.count() / 750)) + spare : whole;
    const int total = model::total(sized->per_domain).count();
    const int largest = loses ? std::ranges::max(sized->per_domain).count() : 0;
    ASSERT_EQ(sized->survivors.count(), survivors) << seed;
    if (sized->missing > Replicas{0}) continue;
    ASSERT_GE(total, whole) << seed;
    ASSERT_GE(total - largest, survivors) << seed;
    // And with no replica to spare: one fewer would not do for one or the other.
    int limits = 0;
    int fewest = 1'000'000;
    for (int level = 0; level <= 40 && loses; ++level) {
      limits = 0;
      for (const auto& domain : world.pool.domains)
        limits += std::min(level, domain.max_replicas.count());
      if (limits - level >= survivors) fewest = std::min(fewest, survivors + level);
    }
    ASSERT_EQ(total, std::max(whole, loses ? fewest : 0)) << seed;
  }
}

TEST(EveryPlan, IsSettledOnceItHasBeenCarriedOut) {
  for (int seed = 0; seed < kWorlds; ++seed) {
    World world = Worlds(static_cast<std::uint64_t>(seed)).world();
    world.pool.behavior = {};
    world.pool.pacing = {};
    const auto first = world.plan();
    for (std::size_t i = 0; i < first.report.plan.domains.size(); ++i) {
      world.observation.domains[i].specified = first.report.plan.domains[i].to;
      world.observation.domains[i].ready = first.report.plan.domains[i].to;
    }
    if (first.report.plan.action == model::Action::kScaleDown) continue;
    world.memory = first.memory;
    world.memory.since = world.now;
    ASSERT_EQ(world.plan().report.plan.action, model::Action::kHold) << "seed " << seed;
  }
}

TEST(EveryPlan, AsksForNoLessWhenMoreAreWatching) {
  for (int seed = 0; seed < kWorlds; ++seed) {
    World world = Worlds(static_cast<std::uint64_t>(seed)).world();
    const auto before = world.plan().report;
    world.observation.demand.viewers.value *= 1.5;
    const auto after = world.plan().report;
    ASSERT_GE(after.sizing.with_redundancy, before.sizing.with_redundancy) << "seed " << seed;
    // Of fewer one domain is lowered at a time, and by how much hangs on how the rest would stand.
    const auto least = after.plan.action == model::Action::kScaleDown
                           ? std::min(after.sizing.with_redundancy, before.plan.total_to())
                           : before.plan.total_to();
    ASSERT_GE(after.plan.total_to() + Replicas{1}, least) << "seed " << seed;
  }
}

}  // namespace
}  // namespace edgetide::planning
