#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "simulation/closed_loop.h"
#include "simulation/night.h"
#include "support/nights.h"

namespace edgetide::simulation {
namespace {

/// Nights that have to do: each guard is missed in one of them.
constexpr std::uint64_t kNights = 120;

std::vector<model::Violation> looks_away(const guard::GuardInputs&, const guard::Fleet&) {
  return {};
}

/// The first night in which the operator without that guard breaks a promise; zero for none.
std::uint64_t missed_in(std::string_view name) {
  std::vector<guard::Guard> others;
  for (const guard::Guard& guard : guard::all_guards()) {
    if (guard.name != name) others.push_back(guard);
  }
  auto options = testing_support::quick_to_learn();
  options.safeguards = {.guards = others, .verify = looks_away};
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
    // The first takes five pools of one source, which tests/unit/controller has; the second keeps
    // no promise but money.
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

}  // namespace
}  // namespace edgetide::simulation
