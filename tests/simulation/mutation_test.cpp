#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "simulation/closed_loop.h"
#include "simulation/night.h"
#include "simulation/shrink.h"
#include "support/nights.h"

namespace edgetide::simulation {
namespace {

/// Nights that have to do: each guard is missed in one of them.
constexpr std::uint64_t kNights = 120;

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

/// The first night in which the operator without that guard breaks a promise; zero for none.
std::uint64_t missed_in(std::string_view name) {
  const auto others = all_but(name);
  const auto options = guarded_by(others);
  for (std::uint64_t seed = 1; seed <= kNights; ++seed) {
    const Scenario night = random_night(seed);
    if (!run(night, PolicyKind::kEdgetide, nullptr, options).breaches.empty()) return seed;
  }
  return 0;
}

class Mutation : public testing::TestWithParam<std::string_view> {};

TEST_P(Mutation, IsFoundByTheNights) { EXPECT_NE(missed_in(GetParam()), 0u) << GetParam(); }

std::vector<std::string_view> guards_of_one_pool() {
  std::vector<std::string_view> names;
  for (const guard::Guard& guard : guard::all_guards()) {
    // The first takes several pools of one source, which mass_change_test has; the second keeps no
    // promise but money.
    if (guard.name != "mass-change" && guard.name != "dead-band") names.push_back(guard.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Guards, Mutation, testing::ValuesIn(guards_of_one_pool()),
                         [](const auto& guard) {
                           std::string name;
                           for (const char letter : guard.param)
                             if (letter != '-') name += letter;
                           return name;
                         });

/// What is printed of a broken night: it ends with the breach, and nothing can be left out of it.
TEST(ShortestFailing, KeepsWhatTheBreachTakesAndNothingElse) {
  const auto others = all_but("freshness");
  const auto options = guarded_by(others);
  const auto first_breach = [&](const Scenario& night) -> std::optional<Breach> {
    const auto breaches = run(night, PolicyKind::kEdgetide, nullptr, options).breaches;
    if (breaches.empty()) return std::nullopt;
    return breaches.front();
  };
  const std::uint64_t seed = missed_in("freshness");
  ASSERT_NE(seed, 0u);
  const Scenario night = random_night(seed);
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
