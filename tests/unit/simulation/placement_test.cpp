#include "simulation/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace edgetide::simulation {
namespace {

PlacementZone standing(int count, int limit = 10) {
  return {.stands = Replicas{count}, .limit = Replicas{limit}};
}

/// Lost, but its nodes are still counted.
PlacementZone silent(int count) {
  return {.stands = Replicas{count}, .limit = Replicas{10}, .takes = false};
}

PlacementZone gone() {
  return {.stands = Replicas{0}, .limit = Replicas{10}, .takes = false, .counts = false};
}

struct Placing {
  std::vector<PlacementZone> zones;
  int max_skew;
  std::vector<std::size_t> allowed;
};

TEST(OneMore, GoesWhereTheSkewAllowsIt) {
  const Placing cases[] = {
      {{standing(4), standing(3), standing(5)}, 1, {1}},
      {{standing(4), standing(3), standing(5)}, 2, {0, 1}},
      {{standing(4), standing(3), standing(5)}, 3, {0, 1, 2}},
      {{standing(3), standing(3), standing(3)}, 1, {0, 1, 2}},
      // One without room keeps the others waiting, once they are as much larger as they may be.
      {{standing(3, 3), standing(4), standing(4)}, 1, {}},
      {{standing(3, 3), standing(4), standing(4)}, 2, {1, 2}},
      // A silent one takes nothing and counts, as long as anybody says that it has nodes.
      {{silent(4), standing(4), standing(5)}, 1, {1}},
      {{silent(4), standing(5), standing(5)}, 1, {}},
      {{gone(), standing(5), standing(5)}, 1, {1, 2}},
      // What is back and empty takes all that comes.
      {{standing(0), standing(9), standing(9)}, 3, {0}},
      {{gone(), gone()}, 1, {}},
      {{}, 1, {}}};
  for (const auto& [zones, max_skew, allowed] : cases)
    EXPECT_EQ(zones_for_one_more(zones, max_skew), allowed) << &zones - &cases[0].zones;
}

model::Fleet replicas(const std::vector<int>& counts) { return {counts.begin(), counts.end()}; }

TEST(SurelyLeft, IsWhatTheWorstPlacementLeaves) {
  EXPECT_EQ(surely_left(replicas({7, 7, 7}), 1, Replicas{21}), Replicas{14});
  EXPECT_EQ(surely_left(replicas({0, 0, 0}), 1, Replicas{21}), Replicas{14});
  EXPECT_EQ(surely_left(replicas({0, 0, 0}), 3, Replicas{21}), Replicas{12}) << "9 + 6 + 6";
  EXPECT_EQ(surely_left(replicas({9, 6, 6}), 1, Replicas{23}), Replicas{14});
  EXPECT_EQ(surely_left(replicas({12, 12, 2}), 1, Replicas{20}), Replicas{8}) << "12 may stay";
  EXPECT_EQ(surely_left(replicas({5}), 1, Replicas{9}), Replicas{0});
  EXPECT_EQ(surely_left({}, 1, Replicas{9}), Replicas{0});
}

/// The fewest that any order of placing leaves.
int least_left(std::vector<int> zones, int max_skew, int total,
               std::map<std::vector<int>, int>& known) {
  std::ranges::sort(zones);
  const int placed = std::accumulate(zones.begin(), zones.end(), 0);
  if (placed == total) return total - zones.back();
  if (const auto found = known.find(zones); found != known.end()) return found->second;
  int least = total;
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (zones[i] >= zones.front() + max_skew) continue;
    auto more = zones;
    ++more[i];
    least = std::min(least, least_left(more, max_skew, total, known));
  }
  known[zones] = least;
  return least;
}

TEST(SurelyLeft, IsTheLeastOfAllPlacements) {
  for (int a = 0; a <= 4; ++a)
    for (int b = 0; b <= a; ++b)
      for (int c = 0; c <= b; ++c)
        for (int skew = 1; skew <= 3; ++skew)
          for (int more = 0; more <= 6; ++more) {
            std::map<std::vector<int>, int> known;
            const int total = a + b + c + more;
            EXPECT_EQ(surely_left(replicas({a, b, c}), skew, Replicas{total}).count(),
                      least_left({a, b, c}, skew, total, known))
                << a << " " << b << " " << c << ", " << total << " by a skew of " << skew;
          }
}

}  // namespace
}  // namespace edgetide::simulation
