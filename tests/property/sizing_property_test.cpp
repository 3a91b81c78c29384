// What every allocation over failure domains promises, over random fleets by fixed seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include "edgetide/sizing/domain_allocation.h"

namespace edgetide::sizing {
namespace {

constexpr int kFleets = 200'000;

/// Domains of unequal size, some of them empty, and what stands there.
struct RandomFleet {
  model::Fleet limits;
  model::Fleet standing;
  int survivors = 0;
};

RandomFleet random_fleet(std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  const auto whole = [&](int most) {
    return static_cast<int>(engine() % static_cast<std::uint64_t>(most + 1));
  };
  RandomFleet random;
  const int most = whole(3) == 0 ? 5 : 80;
  for (int domains = 1 + whole(19); domains > 0; --domains) {
    random.limits.push_back(Replicas{whole(4) == 0 ? 0 : whole(most)});
    random.standing.push_back(Replicas{whole(2) == 0 ? whole(most + 5) : 0});
  }
  random.survivors = whole(most * static_cast<int>(random.limits.size()));
  return random;
}

int sum(const model::Fleet& fleet) {
  int total = 0;
  for (const Replicas replicas : fleet) total += replicas.count();
  return total;
}

int left_after_worst_loss(const model::Fleet& fleet) {
  return sum(fleet) - std::ranges::max(fleet).count();
}

/// The fewest in total, found by trying every size that the largest domain may have: the others
/// then need the survivors between them, and none may be larger. -1 when no size does.
int fewest(int survivors, const RandomFleet& random) {
  const int standing = sum(random.standing);
  for (int largest = std::ranges::max(random.standing).count(); largest <= 200; ++largest) {
    int room = 0;
    for (std::size_t i = 0; i < random.limits.size(); ++i) {
      room += std::max(random.standing[i].count(), std::min(random.limits[i].count(), largest));
    }
    if (room - largest >= survivors) return std::max(standing, survivors + largest);
  }
  return -1;
}

TEST(EveryAllocation, SurvivesWithTheFewestOrSaysWhatIsMissing) {
  for (int seed = 0; seed < kFleets; ++seed) {
    RandomFleet random = random_fleet(static_cast<std::uint64_t>(seed));
    if (seed % 2 == 0) std::ranges::fill(random.standing, Replicas{0});
    const auto [per_domain, missing] =
        survive_one_domain(Replicas{random.survivors}, random.limits, random.standing);
    for (std::size_t i = 0; i < per_domain.size(); ++i) {
      ASSERT_GE(per_domain[i], random.standing[i]) << seed;
      ASSERT_LE(per_domain[i], std::max(random.standing[i], random.limits[i])) << seed;
    }
    const int smallest = fewest(random.survivors, random);
    ASSERT_EQ(missing == Replicas{0}, smallest >= 0) << seed;
    if (smallest >= 0) {
      ASSERT_EQ(sum(per_domain), smallest) << seed;
      ASSERT_GE(left_after_worst_loss(per_domain), random.survivors) << seed;
    } else {
      // What is missing is no more than the truth, and no fleet does with less.
      ASSERT_EQ(missing.count(), random.survivors - left_after_worst_loss(per_domain)) << seed;
      ASSERT_GE(fewest(random.survivors - missing.count(), random), 0) << seed;
      ASSERT_LT(fewest(random.survivors - missing.count() + 1, random), 0) << seed;
    }
  }
}

TEST(EveryAllocation, TakesFromTheFullestWhenFloorsRiseToAFleet) {
  for (int seed = 0; seed < 20'000; ++seed) {
    const RandomFleet random = random_fleet(static_cast<std::uint64_t>(seed));
    const model::Fleet fleet = model::at_least(random.limits, random.standing);
    // One by one from the fullest that is above its floor, the later one of two.
    model::Fleet one_by_one = fleet;
    const int most = std::max(sum(random.standing), sum(fleet) - random.survivors / 4);
    while (sum(one_by_one) > most) {
      std::size_t fullest = fleet.size();
      for (std::size_t i = 0; i < fleet.size(); ++i) {
        if (one_by_one[i] <= random.standing[i]) continue;
        if (fullest == fleet.size() || one_by_one[i] >= one_by_one[fullest]) fullest = i;
      }
      one_by_one[fullest] -= Replicas{1};
    }
    ASSERT_EQ(model::raised_to(random.standing, Replicas{most}, fleet), one_by_one) << seed;
  }
}

/// Every fleet that can come of one by one replica more, by a scheduler bound to `max_skew`, or
/// fewer, by a controller that takes whichever it likes.
std::set<std::vector<int>> one_on(const std::set<std::vector<int>>& fleets, int change,
                                  int max_skew) {
  std::set<std::vector<int>> after;
  for (const auto& fleet : fleets) {
    const int smallest = *std::ranges::min_element(fleet);
    for (std::size_t i = 0; i < fleet.size(); ++i) {
      auto next = fleet;
      next[i] += change;
      if (next[i] < 0 || (change > 0 && next[i] - smallest > max_skew)) continue;
      after.insert(std::move(next));
    }
  }
  return after;
}

int left_at_worst(const std::set<std::vector<int>>& fleets) {
  int worst = 1'000'000;
  for (const auto& fleet : fleets) {
    const int total = std::accumulate(fleet.begin(), fleet.end(), 0);
    worst = std::min(worst, total - *std::ranges::max_element(fleet));
  }
  return worst;
}

/// The fewest whose every fleet leaves so many, by going through all of them.
int fewest_by_scheduler(int survivors, const std::vector<int>& standing, int max_skew) {
  int total = std::accumulate(standing.begin(), standing.end(), 0);
  std::set<std::vector<int>> fleets{standing};
  if (left_at_worst(fleets) >= survivors) {
    while (total > 0) {
      fleets = one_on(fleets, -1, max_skew);
      if (left_at_worst(fleets) < survivors) return total;
      --total;
    }
    return 0;
  }
  while (left_at_worst(fleets) < survivors) {
    fleets = one_on(fleets, +1, max_skew);
    ++total;
  }
  return total;
}

/// All small fleets: wherever the scheduler puts what comes, and whichever goes, enough are left,
/// and no fewer would do.
TEST(OneWorkload, SurvivesWithTheFewestWhereverTheSchedulerPutsThem) {
  int tried = 0;
  for (int code = 0; code < 5 * 5 * 5 * 4; ++code) {
    std::vector<int> standing{code % 5, code / 5 % 5, code / 25 % 5};
    if (const int fourth = code / 125; fourth < 3) standing.push_back(fourth);
    for (int max_skew = 1; max_skew <= 3; ++max_skew) {
      for (int survivors = 0; survivors <= 7; ++survivors, ++tried) {
        model::Fleet fleet;
        for (const int count : standing) fleet.push_back(Replicas{count});
        ASSERT_EQ(survive_by_scheduler(Replicas{survivors}, fleet, max_skew).count(),
                  fewest_by_scheduler(survivors, standing, max_skew))
            << testing::PrintToString(standing) << " survivors " << survivors << " skew "
            << max_skew;
      }
    }
  }
  EXPECT_EQ(tried, 12'000);
}

/// Large ones, as a scheduler that fills the fullest whenever it may would place them.
TEST(OneWorkload, SurvivesTheLeastHelpfulScheduler) {
  for (int seed = 0; seed < 100'000; ++seed) {
    RandomFleet random = random_fleet(static_cast<std::uint64_t>(seed));
    if (random.standing.size() < 2) continue;
    const int max_skew = 1 + seed % 4;
    const Replicas total =
        survive_by_scheduler(Replicas{random.survivors}, random.standing, max_skew);
    model::Fleet fleet = random.standing;
    for (int more = (total - model::total(fleet)).count(); more > 0; --more) {
      const auto smallest = std::ranges::min_element(fleet);
      const auto fullest = std::ranges::max_element(fleet);
      const bool may = *fullest + Replicas{1} <= *smallest + Replicas{max_skew};
      *(may ? fullest : smallest) += Replicas{1};
    }
    // What goes, goes from the others first.
    const int left = total.count() - std::min(total, std::ranges::max(fleet)).count();
    ASSERT_GE(left, random.survivors) << seed;
  }
}

/// A scheduler that nothing binds may put all that comes into the fullest: nothing is bought for a
/// skew, nothing is given away, and what stands is enough once it is even.
TEST(OneWorkload, BuysNoSkewOfASchedulerThatNothingBinds) {
  const auto total = [](int survivors, std::vector<int> standing) {
    model::Fleet fleet;
    for (const int count : standing) fleet.push_back(Replicas{count});
    return survive_by_scheduler(Replicas{survivors}, fleet, std::nullopt).count();
  };
  EXPECT_EQ(total(10, {10, 2, 2}), 15);
  EXPECT_EQ(total(10, {16, 2, 2}), 20);
  EXPECT_EQ(total(10, {5, 5, 5}), 15);
  EXPECT_EQ(total(10, {7, 7, 7}), 17);
  EXPECT_EQ(total(0, {7, 7, 7}), 0);
}

/// A hundred million replicas over a million domains: a cost that grew with replicas, or with the
/// square of the domains, would not come back within the test's time.
TEST(EveryAllocation, CostsByTheDomainsAlone) {
  model::Fleet limits;
  for (int i = 0; i < 1'000'000; ++i) limits.push_back(Replicas{1 + i % 30'000});
  const auto allocation = survive_one_domain(Replicas{100'000'000}, limits);
  EXPECT_EQ(left_after_worst_loss(allocation.per_domain), 100'000'000);
}

}  // namespace
}  // namespace edgetide::sizing
