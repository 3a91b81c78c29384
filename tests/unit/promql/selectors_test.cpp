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

TEST(LongestWindow, IsTheLongestOfAllRangesAndSubqueries) {
  EXPECT_EQ(longest_window("sum by (zone) (sessions)"), Seconds{0});
  EXPECT_EQ(longest_window("sum(rate(bytes{path=\"[9h]\"}[2m]))"), Seconds{120});
  EXPECT_EQ(longest_window("rate(a[1m]) / avg_over_time(b[1h30m])"), Seconds{5400});
  EXPECT_EQ(longest_window("max_over_time(rate(a[5m])[1d:1m])"), Seconds{86'400});
  EXPECT_EQ(longest_window("rate(a[500ms])"), Seconds{0});
  EXPECT_EQ(longest_window("rate(a[-5m]) + rate(b[5 m]) + rate(c[99999999999d]) + rate(d[5m"),
            Seconds{0})
      << "no durations";
}

TEST(SelectorsProperty, AnyTextEnds) {
  const std::string likely = "ab{}()[]\"'`\\#\n,=~ 59.:sumbyon";
  std::mt19937 random{5};
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (std::size_t i = 0; i < random() % 30; ++i) text += likely[random() % likely.size()];
    static_cast<void>(selectors(text));
    static_cast<void>(longest_window(text));
  }
}

TEST(WithoutBlanks, TheSameQueryIsTheSameText) {
  const std::string plain = R"(sum by(zone)(rate(x{job="a  b"}[5m]))and y)";
  for (const char* text : {R"(sum by (zone) (rate(x{job="a  b"}[5m])) and y)",
                           "  sum\tby ( zone )\n(rate( x { job = \"a  b\" } [ 5m ] ) )and  y  ",
                           "sum by(zone) # of the edge\n(rate(x{job=\"a  b\"}[5m])) and y # end"})
    EXPECT_EQ(without_blanks(text), plain) << text;
  EXPECT_NE(without_blanks(R"(x{job="a b"})"), without_blanks(R"(x{job="ab"})"));
  EXPECT_NE(without_blanks("a or b"), without_blanks("aorb"));
  EXPECT_EQ(without_blanks(" # nothing"), "");
  EXPECT_EQ(without_blanks(R"(x{a="\" #"})"), R"(x{a="\" #"})");
  EXPECT_EQ(without_blanks("x{a=\"open"), "x{a=\"open");
}

}  // namespace
}  // namespace edgetide::promql
