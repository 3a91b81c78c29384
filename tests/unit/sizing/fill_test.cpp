#include "edgetide/sizing/fill.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace edgetide::sizing {
namespace {

constexpr BitsPerSecond gigabits(double count) { return BitsPerSecond{count * 1e9}; }

struct Case {
  const char* name;
  model::Upstream upstream;
  DrawingFleet fleet;
  model::DrawnLoad load;
};

TEST(FillOf, IsWhatIsMissedWhatIsLiveAndWhatIsCold) {
  const model::Upstream shield{.name = "shield",
                               .fill = Ratio{.05},
                               .live_fill = BitsPerSecond{60e6},
                               .cold_fill = BitsPerSecond{500e6}};
  for (const auto& [name, upstream, fleet, load] :
       std::vector<Case>{{"as documented",
                          shield,
                          {gigabits(200), Replicas{40}, Replicas{10}},
                          {gigabits(10), gigabits(2.4), gigabits(5)}},
                         {"all warm",
                          shield,
                          {gigabits(200), Replicas{40}, Replicas{0}},
                          {gigabits(10), gigabits(2.4), {}}},
                         // Twice the nodes for the same viewers: live fill follows the nodes.
                         {"twice the nodes",
                          shield,
                          {gigabits(200), Replicas{80}, Replicas{0}},
                          {gigabits(10), gigabits(4.8), {}}},
                         {"a gateway passes everything on",
                          {.name = "edge", .fill = Ratio{1}},
                          {gigabits(200), Replicas{40}, Replicas{40}},
                          {gigabits(200), {}, {}}}}) {
    const auto fill = fill_of(upstream, fleet);
    ASSERT_TRUE(fill) << name;
    EXPECT_DOUBLE_EQ(fill->for_viewers.count(), load.for_viewers.count()) << name;
    EXPECT_DOUBLE_EQ(fill->for_live.count(), load.for_live.count()) << name;
    EXPECT_DOUBLE_EQ(fill->for_cold_caches.count(), load.for_cold_caches.count()) << name;
  }
}

TEST(FillOf, AnUnknownEgressIsNotZero) {
  EXPECT_FALSE(fill_of({.name = "shield"}, {std::nullopt, Replicas{40}, Replicas{0}}));
  const model::Upstream live{.name = "shield", .fill = Ratio{0}, .live_fill = gigabits(1)};
  EXPECT_EQ(fill_of(live, {std::nullopt, Replicas{4}, Replicas{0}})->total(), gigabits(4));
}

TEST(FillOf, NeverFallsWhenAnythingGrows) {
  std::mt19937_64 chance(7);
  const auto upto = [&](int most) {
    return static_cast<int>(chance() % static_cast<unsigned>(most));
  };
  for (int i = 0; i < 10'000; ++i) {
    const model::Upstream upstream{.name = "shield",
                                   .fill = Ratio{upto(100) / 100.},
                                   .live_fill = BitsPerSecond{upto(1000) * 1e6},
                                   .cold_fill = BitsPerSecond{upto(1000) * 1e6}};
    const DrawingFleet fleet{gigabits(upto(1000)), Replicas{100 + upto(900)}, Replicas{upto(100)}};
    const double load = fill_of(upstream, fleet)->total().count();
    auto more = fleet;
    more.egress = BitsPerSecond{fleet.egress->count() * 1.1};
    ASSERT_GE(fill_of(upstream, more)->total().count(), load);
    more = fleet;
    more.replicas += Replicas{1};
    more.cold += Replicas{1};
    ASSERT_GE(fill_of(upstream, more)->total().count(), load);
  }
}

}  // namespace
}  // namespace edgetide::sizing
