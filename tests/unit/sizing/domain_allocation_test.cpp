#include "edgetide/sizing/domain_allocation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace edgetide::sizing {
namespace {

using model::Fleet;

Fleet fleet(std::initializer_list<int> counts) { return {counts.begin(), counts.end()}; }

int total(const Fleet& fleet) {
  int sum = 0;
  for (const Replicas replicas : fleet) sum += replicas.count();
  return sum;
}

int surviving_worst_loss(const Fleet& fleet) {
  return total(fleet) - std::ranges::max(fleet).count();
}

struct Case {
  std::string name;
  int survivors;
  Fleet limits;
  Fleet expected;
  int missing = 0;
};

class SurviveOneDomain : public testing::TestWithParam<Case> {};

TEST_P(SurviveOneDomain, AllocatesTheFewest) {
  const Case& c = GetParam();
  const auto allocation = survive_one_domain(Replicas{c.survivors}, c.limits);
  EXPECT_EQ(allocation.per_domain, c.expected);
  EXPECT_EQ(allocation.missing, Replicas{c.missing});
}

const Case kCases[] = {
    // 10 must survive, so two of three zones carry 5 each.
    {"three_equal_zones", 10, fleet({9, 9, 9}), fleet({5, 5, 5})},
    // Half of 9 is 4.5, so the level is 5; one replica comes back.
    {"odd_number", 9, fleet({9, 9, 9}), fleet({5, 5, 4})},
    // The small zone is full at 4: losing an 8 of 8 + 8 + 4 leaves 12.
    {"one_small_zone", 12, fleet({10, 10, 4}), fleet({8, 8, 4})},
    // No zone survives its own loss, however large it is.
    {"single_zone", 3, fleet({100}), fleet({0}), /*missing=*/3},
    // Losing a 2 of 2 + 2 + 2 leaves 4 of the 6 asked for.
    {"limits_too_small", 6, fleet({2, 2, 2}), fleet({2, 2, 2}), /*missing=*/2},
    {"nothing_asked", 0, fleet({5, 5}), fleet({0, 0})},
};

INSTANTIATE_TEST_SUITE_P(Fleets, SurviveOneDomain, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

/// All fleets of three domains within the limits.
std::vector<Fleet> fleets_within(const Fleet& limits) {
  std::vector<Fleet> fleets;
  for (int a = 0; a <= limits[0].count(); ++a)
    for (int b = 0; b <= limits[1].count(); ++b)
      for (int c = 0; c <= limits[2].count(); ++c) fleets.push_back(fleet({a, b, c}));
  return fleets;
}

/// Of all fleets within the limits, the smallest that keeps `survivors`; -1 when none does.
int smallest_surviving(int survivors, const Fleet& limits) {
  int smallest = -1;
  for (const Fleet& candidate : fleets_within(limits)) {
    if (surviving_worst_loss(candidate) < survivors) continue;
    if (smallest < 0 || total(candidate) < smallest) smallest = total(candidate);
  }
  return smallest;
}

TEST(SurviveOneDomainExhaustively, NoSmallerFleetSurvives) {
  for (const Fleet& limits : fleets_within(fleet({4, 4, 4}))) {
    for (int survivors = 0; survivors <= 9; ++survivors) {
      SCOPED_TRACE(testing::Message() << survivors << " of " << limits[0].count() << ' '
                                      << limits[1].count() << ' ' << limits[2].count());
      const auto allocation = survive_one_domain(Replicas{survivors}, limits);
      const int kept = surviving_worst_loss(allocation.per_domain);
      const int smallest = smallest_surviving(survivors, limits);

      ASSERT_TRUE(std::ranges::equal(allocation.per_domain, limits, std::less_equal{}));
      if (smallest >= 0) {
        ASSERT_EQ(total(allocation.per_domain), smallest);
        ASSERT_GE(kept, survivors);
        ASSERT_EQ(allocation.missing, Replicas{0});
      } else {
        ASSERT_EQ(allocation.missing, Replicas{survivors - kept});
      }
    }
  }
}

struct StandingCase {
  std::string name;
  int survivors;
  Fleet limits;
  Fleet standing;
  Fleet expected;
  int missing = 0;
};

class SurviveWithWhatStands : public testing::TestWithParam<StandingCase> {};

TEST_P(SurviveWithWhatStands, AddsTheFewest) {
  const StandingCase& c = GetParam();
  const auto allocation = survive_one_domain(Replicas{c.survivors}, c.limits, c.standing);
  EXPECT_EQ(allocation.per_domain, c.expected);
  EXPECT_EQ(allocation.missing, Replicas{c.missing});
}

const StandingCase kStandingCases[] = {
    // Losing the 7 must leave 8: 4 + 4, although 4 + 4 + 4 would do from nothing.
    {"one_is_large", 8, fleet({9, 9, 9}), fleet({7, 2, 0}), fleet({7, 4, 4})},
    {"enough_stands", 8, fleet({9, 9, 9}), fleet({7, 5, 5}), fleet({7, 5, 5})},
    // 5 stand where the limit is 2; they count, and no more are put there.
    {"above_a_limit", 6, fleet({2, 9, 9}), fleet({5, 0, 0}), fleet({5, 3, 3})},
    // Only the two small ones could carry on without the large: 2 + 2 of 6.
    {"limits_too_small", 6, fleet({9, 2, 2}), fleet({9, 0, 0}), fleet({9, 2, 2}), /*missing=*/2},
};

INSTANTIATE_TEST_SUITE_P(Fleets, SurviveWithWhatStands, testing::ValuesIn(kStandingCases),
                         [](const auto& test) { return test.param.name; });

TEST(SurviveWithWhatStandsExhaustively, NoSmallerFleetThatTakesFromNoneSurvives) {
  const Fleet limits = fleet({5, 4, 3});
  const auto candidates = fleets_within(limits);
  for (const Fleet& standing : candidates) {
    for (int survivors = 0; survivors <= 9; ++survivors) {
      int smallest = -1;
      for (const Fleet& candidate : candidates) {
        if (!std::ranges::equal(standing, candidate, std::less_equal{})) continue;
        if (surviving_worst_loss(candidate) < survivors) continue;
        if (smallest < 0 || total(candidate) < smallest) smallest = total(candidate);
      }
      SCOPED_TRACE(testing::Message() << survivors << " over " << standing[0].count() << ' '
                                      << standing[1].count() << ' ' << standing[2].count());
      const auto allocation = survive_one_domain(Replicas{survivors}, limits, standing);
      ASSERT_TRUE(std::ranges::equal(standing, allocation.per_domain, std::less_equal{}));
      ASSERT_TRUE(std::ranges::equal(allocation.per_domain, limits, std::less_equal{}));
      ASSERT_EQ(allocation.missing == Replicas{0}, smallest >= 0);
      if (smallest >= 0) {
        ASSERT_EQ(total(allocation.per_domain), smallest);
      }
    }
  }
}

}  // namespace
}  // namespace edgetide::sizing
