#include "promql/selectors.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace edgetide::promql {
namespace {

struct Case {
  std::string expression;
  std::vector<std::string> selectors;
};

class Selectors : public testing::TestWithParam<Case> {};
TEST_P(Selectors, AreFound) {
  EXPECT_EQ(selectors(GetParam().expression), GetParam().selectors) << GetParam().expression;
}

const Case kCases[] = {
    {"up", {"up"}},
    {"sum by (namespace, pool, zone) (player_sessions)", {"player_sessions"}},
    {"sum(player_sessions) by (zone)", {"player_sessions"}},
    {"8 * sum by (zone) (rate(bytes_total{job=\"edge\"}[2m]))", {"bytes_total{job=\"edge\"}"}},
    {"sum (rate(a[5m:30s] offset 1h)) / on(x) group_left(y) avg without (z) (b @ 1700.5)",
     {"a", "b"}},
    {"a @ start() + b offset -5m", {"a", "b"}},
    {"{__name__=~\"a|b\", x!=\"}\"}", {"{__name__=~\"a|b\", x!=\"}\"}"}},
    {"a {x='1'} or a {x='1'} unless c", {"a {x='1'}", "c"}},
    {"job:requests:rate5m > bool 5", {"job:requests:rate5m"}},
    {"histogram_quantile(0.9, sum by(le)(rate(h_bucket[5m])))", {"h_bucket"}},
    {"label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")", {"x"}},
    {"quantile_over_time(0.5, x[1h]) and on() vector(1)", {"x"}},
    {"sum(x) # and y\n + z", {"x", "z"}},
    {"topk(3, x) == Inf or NaN or 0x1F + 1e-3 + .5", {"x"}},
    {"count_values(\"v\", build_version)", {"build_version"}},
    {"SUM BY (zone) (x) AND y", {"x", "y"}},
    {"x atan2 y", {"x", "y"}},
    {"time() - 5", {}},
    {"vector(1)", {}},
    {"", {}},
    {"sum(x{a=\"unclosed", {}},
};
INSTANTIATE_TEST_SUITE_P(Expressions, Selectors, testing::ValuesIn(kCases));

TEST(SelectorsProperty, AnyTextEnds) {
  const std::string likely = "ab{}()[]\"'`\\#\n,=~ 59.:sumbyon";
  std::mt19937 random{5};
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (std::size_t i = 0; i < random() % 30; ++i) text += likely[random() % likely.size()];
    static_cast<void>(selectors(text));
  }
}

}  // namespace
}  // namespace edgetide::promql
