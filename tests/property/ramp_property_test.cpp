// A rise that is known of is never late for its steps, over thousands of random rises by fixed
// seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "edgetide/guard/guard.h"
#include "planning/paced_fleet.h"
#include "planning/ramp.h"
#include "support/chance.h"
#include "support/pools.h"

namespace edgetide::planning {
namespace {

using namespace testing_support;

constexpr Seconds kReview{15};
constexpr int kRises = 2'000;

/// Two steps or three up to what is needed at the end, at random moments, by decision.
std::vector<int> drawn_needs(Chance& chance, int looks, int most) {
  std::vector<int> needs(static_cast<std::size_t>(looks), 10);
  for (int i = chance.whole(1, 3); i > 0; --i) {
    const auto from = static_cast<std::ptrdiff_t>(chance.whole(looks / 2, looks - 1));
    const int need = chance.whole(10, most);
    for (auto at = needs.begin() + from; at != needs.end(); ++at) *at = std::max(*at, need);
  }
  return needs;
}

model::EdgePool drawn_pool(Chance& chance) {
  using Type = model::ScalingPolicy::Type;
  auto pool = three_domains();
  for (auto& domain : pool.domains) domain.max_replicas = Replicas{1000};
  pool.replicas.max = Replicas{1000};
  pool.pacing = {.step = Replicas{chance.whole(20, 300)},
                 .interval = Seconds{chance.whole(1, 120)}};
  if (chance.one_in(2)) {
    pool.behavior.scale_up.policies = {{chance.one_in(2) ? Type::kPods : Type::kPercent,
                                        chance.whole(20, 200), Seconds{chance.whole(1, 120)}}};
  }
  return pool;
}

/// Goes through the looks with perfect foresight and the guards that pace; the total after each.
std::vector<int> ordered(const model::EdgePool& pool, const std::vector<int>& needs) {
  std::vector<int> totals;
  auto observation = observed(pool, {4, 3, 3}, fresh(1'000));
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  for (std::size_t look = 0; look < needs.size(); ++look) {
    const Instant now = kEvening + static_cast<int>(look) * kReview;
    const Replicas standing = model::total_specified(observation);
    const Standing stands{standing, kReview, memory.scale_events, now};
    std::vector<NeedAhead> ahead;
    std::size_t before = look;
    for (const Seconds moment : ramp_moments(pool, stands)) {
      const auto last =
          std::min(needs.size(), look + static_cast<std::size_t>(moment / kReview) + 1);
      const int need = *std::max_element(needs.begin() + static_cast<std::ptrdiff_t>(look),
                                         needs.begin() + static_cast<std::ptrdiff_t>(last));
      ahead.push_back({static_cast<int>(before + 1 - look) * kReview, Replicas{need}});
      before = last - 1;
    }
    const Replicas begun = begun_for(pool, stands, ahead, Replicas{needs[look]});
    const guard::GuardInputs inputs{.pool = pool,
                                    .observation = observation,
                                    .memory = memory,
                                    .floor = fleet({0, 0, 0}),
                                    .at_maximum = fleet({334, 333, 333}),
                                    .minimum = Replicas{1},
                                    .mass_change = {},
                                    .now = now};
    const auto standing_fleet = guard::specified_fleet(observation);
    auto wanted = model::raised_to(standing_fleet, begun, model::domain_limits(pool));
    wanted = guard::pacing(inputs, guard::rate_limit(inputs, wanted).fleet).fleet;
    const int change = (model::total(wanted) - standing).count();
    if (change != 0) memory.scale_events.push_back({now, change});
    for (std::size_t i = 0; i < wanted.size(); ++i) observation.domains[i].specified = wanted[i];
    totals.push_back(model::total(wanted).count());
  }
  return totals;
}

TEST(Ramp, IsNeverLateForWhatCouldBeReached) {
  int in_steps = 0;
  for (int seed = 0; seed < kRises; ++seed) {
    Chance chance(static_cast<std::uint64_t>(seed));
    const auto pool = drawn_pool(chance);
    const auto needs = drawn_needs(chance, 120, 700);
    const auto totals = ordered(pool, needs);
    PacedFleet fastest(pool, {.total = Replicas{10}, .review = kReview});
    for (std::size_t look = 0; look < needs.size(); ++look) {
      const int reachable = fastest.most_at(static_cast<int>(look) * kReview).count();
      ASSERT_GE(totals[look], std::min(needs[look], reachable))
          << "seed " << seed << " look " << look;
    }
    in_steps += totals.front() < needs.back() && needs.back() - 10 > pool.pacing.step.count();
  }
  EXPECT_GT(in_steps, kRises / 4) << "rises that need no steps show nothing";
}

/// Begun no earlier than it has to be: what stands a step too early is paid for.
TEST(Ramp, OrdersNothingBeforeItsTime) {
  for (int seed = 0; seed < kRises; ++seed) {
    Chance chance(static_cast<std::uint64_t>(seed));
    const auto pool = drawn_pool(chance);
    const int need = chance.whole(10, 700);
    const Seconds after = chance.whole(0, 60) * kReview;
    const Standing stands{.total = Replicas{10}, .review = kReview};
    const std::array needs{NeedAhead{after, Replicas{need}}};
    const Replicas begun = begun_for(pool, stands, needs, stands.total);
    const auto grown = [&](Replicas from) {
      PacedFleet fleet(pool, stands);
      fleet.order(from, Seconds{0});
      return fleet.most_at(after);
    };
    ASSERT_GE(grown(begun), Replicas{need}) << seed;
    if (begun > stands.total) {
      ASSERT_LT(grown(begun - Replicas{1}), Replicas{need}) << seed;
    }
  }
}

}  // namespace
}  // namespace edgetide::planning
