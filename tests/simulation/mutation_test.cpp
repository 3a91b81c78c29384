#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "simulation/closed_loop.h"
#include "simulation/night.h"
#include "simulation/random.h"
#include "simulation/shrink.h"
#include "support/nights.h"
#include "support/tiers.h"

namespace edgetide::simulation {
namespace {

/// Nights that have to do: each guard is missed in one of them.
constexpr std::uint64_t kNights = 200;

std::vector<model::Violation> looks_away(const guard::GuardInputs&, const guard::Fleet&) {
  return {};
}

std::vector<guard::Guard> all_but(std::string_view name) {
  std::vector<guard::Guard> others;
  for (const guard::Guard& guard : guard::all_guards()) {
    if (guard.name != name) others.push_back(guard);
  }
  return others;
}

controller::ReconcilerOptions guarded_by(const std::vector<guard::Guard>& guards) {
  auto options = testing_support::quick_to_learn();
  options.safeguards = {.guards = guards, .verify = looks_away};
  return options;
}

/// Each second one goes blind while a lost zone is rebuilt in the others, and raises to its
/// maximum: what is sized stays within the bounds by itself, but on a fleet that is not even.
Scenario night_of_one_pool(std::uint64_t seed) {
  Scenario night = random_night(seed);
  if (seed % 2 == 0) {
    night.pool.on_missing_demand = model::OnMissingDemand::kRaiseToMax;
    night.pool.redundancy.rebuild_after = Seconds{60};
    night.zone_loss =
        ZoneLoss{.at = night.from + (night.to - night.from) / 2, .lasts = Seconds{3600}};
    night.faults = {{.kind = FaultKind::kSamplesMissing,
                     .from = night.zone_loss->at + Seconds{900},
                     .lasts = Seconds{1200}}};
  }
  return night;
}

/// Two thirds of the audience are told no more while it comes, and may be twice as large as ever:
/// what is expected by those who were there is not all.
Scenario night_of_a_dip(std::uint64_t seed) {
  Scenario night = random_night(seed);
  const Instant dip = night.tonight.kick_off + Seconds{60 * static_cast<int>(seed % 8)};
  night.faults = {{.kind = FaultKind::kCounterReset, .from = dip, .lasts = Seconds{1500}}};
  night.zone_loss.reset();
  night.pool.pause.reset();
  return night;
}

/// A guard of one pool, the promises that it is there for, and nights that take it.
struct Guarded {
  std::string_view guard;
  std::vector<std::string_view> rules;
  Scenario (*night)(std::uint64_t seed) = night_of_one_pool;
};

/// All but two: mass-change takes several pools of one source, which mass_change_test has, and
/// dead-band keeps no promise, but from turning back for little.
const std::vector<Guarded>& guards_of_one_pool() {
  static const std::vector<Guarded> kGuards{
      {"freshness", {"LoweredInDoubt", "LoweredUnknown"}},
      {"sudden-fall", {"LoweredByADip"}, night_of_a_dip},
      {"stabilization", {"LoweredTooSoon", "LoweredByADip"}},
      {"rate-limit", {"LoweredTooFast"}},
      {"pacing", {"RaisedTooFast"}},
      {"redundancy-floor", {"BelowFloor", "ShortInSilence"}},
      {"one-domain-at-a-time", {"LoweredSeveral"}},
      {"in-flight", {"LoweredWhileStarting"}},
      {"pause", {"LoweredInPause"}},
      {"bounds", {"AboveMaximum", "AboveDomainLimit", "BelowMinimum"}},
      {"contention", {"Fought"}}};
  return kGuards;
}

/// The first night in which the operator without that guard breaks one of its promises; zero for
/// none.
std::uint64_t missed_in(const Guarded& guarded) {
  const auto others = all_but(guarded.guard);
  const auto options = guarded_by(others);
  const auto is_missed = [&](const Breach& breach) {
    return std::ranges::find(guarded.rules, breach.rule) != guarded.rules.end();
  };
  for (std::uint64_t seed = 1; seed <= kNights; ++seed) {
    const Scenario night = guarded.night(seed);
    const auto breaches = run(night, PolicyKind::kEdgetide, nullptr, options).breaches;
    if (std::ranges::any_of(breaches, is_missed)) return seed;
  }
  return 0;
}

TEST(Mutation, OfNoGuardIsMissedInNoBlindNight) {
  const auto options = testing_support::quick_to_learn();
  for (std::uint64_t seed = 2; seed <= 40; seed += 2) {
    const auto breaches =
        run(night_of_one_pool(seed), PolicyKind::kEdgetide, nullptr, options).breaches;
    EXPECT_TRUE(breaches.empty()) << seed << ": " << breaches.front().rule << " "
                                  << breaches.front().detail;
  }
}

TEST(Mutation, TakesEveryGuardThatKeepsAPromise) {
  std::vector<std::string_view> taken{"mass-change", "dead-band"};
  for (const Guarded& guarded : guards_of_one_pool()) taken.push_back(guarded.guard);
  std::vector<std::string_view> all;
  for (const guard::Guard& guard : guard::all_guards()) all.push_back(guard.name);
  std::ranges::sort(taken);
  std::ranges::sort(all);
  EXPECT_EQ(taken, all);
}

guard::Guarded keeps_what_stands(const guard::GuardInputs& inputs, guard::Fleet wanted) {
  return {.fleet = model::at_least(std::move(wanted), guard::specified_fleet(inputs.observation)),
          .verdict = std::nullopt};
}

TEST(Mutation, ThatNeverLowersIsFoundToStayTooLarge) {
  auto guards = all_but("");
  guards.push_back({.name = "keeps-what-stands", .apply = keeps_what_stands});
  const auto options = guarded_by(guards);
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto breaches = run(random_night(seed), PolicyKind::kEdgetide, nullptr, options).breaches;
    found += std::ranges::count(breaches, "NotSettled", &Breach::rule) > 0;
  }
  EXPECT_GE(found, 3);
}

class MutationOf : public testing::TestWithParam<Guarded> {};

// In the same night the operator with all of its guards breaks nothing.
TEST_P(MutationOf, IsFoundByTheNightsAndByItAlone) {
  const std::uint64_t seed = missed_in(GetParam());
  ASSERT_NE(seed, 0u) << GetParam().guard;
  RecordProperty("seed", std::to_string(seed));
  const auto breaches =
      run(GetParam().night(seed), PolicyKind::kEdgetide, nullptr, testing_support::quick_to_learn())
          .breaches;
  EXPECT_TRUE(breaches.empty()) << seed << ": " << breaches.front().rule << " "
                                << breaches.front().detail;
}

// No promise is broken without it, but more is written.
TEST(Mutation, OfTheDeadBandTurnsBackMoreOften) {
  const auto others = all_but("dead-band");
  const auto all = guard::all_guards();
  const std::vector<guard::Guard> every(all.begin(), all.end());
  std::size_t with = 0;
  std::size_t without = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Scenario night = random_night(seed);
    with += run(night, PolicyKind::kEdgetide, nullptr, guarded_by(every)).writes;
    without += run(night, PolicyKind::kEdgetide, nullptr, guarded_by(others)).writes;
  }
  EXPECT_LT(with, without);
}

INSTANTIATE_TEST_SUITE_P(Guards, MutationOf, testing::ValuesIn(guards_of_one_pool()),
                         [](const auto& guard) {
                           std::string name;
                           for (const char letter : guard.param.guard)
                             if (letter != '-') name += letter;
                           return name;
                         });

/// A night through edge, shield and origin, with the faults of a night of one pool, and far pools
/// that may be as large as they need or not.
Scenario night_through_tiers(std::uint64_t seed) {
  const Scenario of_one = random_night(seed);
  Scenario night =
      testing_support::through_tiers({.seed = seed, .zone_loss = of_one.zone_loss.has_value()});
  night.faults = of_one.faults;
  Random random(derived_seed(seed, /*use=*/61));
  for (model::EdgePool& pool : night.farther) pool.replicas.max = Replicas{10 + random.below(100)};
  return night;
}

bool is_of_a_farther_pool(const Breach& breach) {
  return breach.detail.starts_with("shield: ") || breach.detail.starts_with("origin: ");
}

constexpr std::uint64_t kNightsThroughTiers = 40;

class MutationOfTiers : public testing::TestWithParam<std::string_view> {};

TEST_P(MutationOfTiers, IsFoundByTheNights) {
  const auto others = all_but(GetParam());
  const auto options = guarded_by(others);
  std::uint64_t seed = 1;
  const auto broken = [&] {
    const Scenario night = night_through_tiers(seed);
    const auto breaches = run(night, PolicyKind::kEdgetide, nullptr, options).breaches;
    return std::ranges::any_of(breaches, is_of_a_farther_pool);
  };
  while (seed <= kNightsThroughTiers && !broken()) ++seed;
  EXPECT_LE(seed, kNightsThroughTiers) << GetParam();
}

// Their reserve and their bounds are kept by the sizing too, so that no night misses these guards;
// tiers_test has what is watched of them.
INSTANTIATE_TEST_SUITE_P(Guards, MutationOfTiers, testing::Values("freshness"),
                         [](const auto& guard) {
                           return std::string(guard.param.substr(0, guard.param.find('-')));
                         });

TEST(NightsThroughTiers, KeepEveryPromise) {
  for (std::uint64_t seed = 1; seed <= kNightsThroughTiers; ++seed) {
    const Scenario night = night_through_tiers(seed);
    const auto breaches =
        run(night, PolicyKind::kEdgetide, nullptr, testing_support::quick_to_learn()).breaches;
    EXPECT_TRUE(breaches.empty()) << seed << ": " << breaches.front().rule << ": "
                                  << breaches.front().detail;
  }
}

/// What is printed of a broken night: it ends with the breach, and nothing can be left out of it.
TEST(ShortestFailing, KeepsWhatTheBreachTakesAndNothingElse) {
  const auto others = all_but("freshness");
  const auto options = guarded_by(others);
  const auto first_breach = [&](const Scenario& night) -> std::optional<Breach> {
    const auto breaches = run(night, PolicyKind::kEdgetide, nullptr, options).breaches;
    if (breaches.empty()) return std::nullopt;
    return breaches.front();
  };
  const std::uint64_t seed = missed_in(guards_of_one_pool().front());
  ASSERT_NE(seed, 0u);
  const Scenario night = night_of_one_pool(seed);
  const auto breach = first_breach(night);
  const Scenario shortest = shortest_failing(night, options);
  ASSERT_TRUE(first_breach(shortest));
  EXPECT_EQ(first_breach(shortest)->rule, breach->rule);
  EXPECT_LT(shortest.to, night.to);
  EXPECT_EQ(shortest.to, first_breach(shortest)->at + shortest.step);
  for (std::size_t i = 0; i < shortest.faults.size(); ++i) {
    Scenario fewer = shortest;
    fewer.faults.erase(fewer.faults.begin() + static_cast<std::ptrdiff_t>(i));
    const auto left = first_breach(fewer);
    EXPECT_TRUE(!left || left->rule != breach->rule) << told(shortest);
  }
  EXPECT_NE(told(shortest).find(name_of(shortest.faults.front().kind)), std::string::npos);
}

}  // namespace
}  // namespace edgetide::simulation
