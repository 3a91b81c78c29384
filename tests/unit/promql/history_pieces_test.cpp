#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "history_text.h"
#include "promql/history.h"

namespace edgetide::promql {
namespace {

/// Every step of the range is asked for exactly once, and no chunk breaks a limit.
void expect_tiles(const ports::HistoryRange& range, Seconds longest) {
  Instant next = range.from;
  for (const RangeQuery& chunk : chunks("x", range)) {
    ASSERT_EQ(chunk.from, next);
    ASSERT_LE(chunk.to - chunk.from, longest);
    ASSERT_LT((chunk.to - chunk.from) / chunk.step, 11'000);
    const auto steps = (chunk.to - chunk.from) / chunk.step;
    next = chunk.from + chunk.step * (steps + 1);
  }
  EXPECT_GT(next, range.to);
}

TEST(Chunks, TileTheRange) {
  expect_tiles({kFrom, kFrom + 56 * kDay, Seconds{300}}, 7 * kDay);
  expect_tiles({kFrom, kFrom + 56 * kDay, Seconds{60}}, 7 * kDay);
  expect_tiles({kFrom, kFrom + 3 * kDay, Seconds{15}}, kDay);
  expect_tiles({kFrom, kFrom + kDay, Seconds{1}}, Seconds{11'000});
  expect_tiles({kFrom, kFrom + 400 * kDay, 30 * kDay}, 7 * kDay);
  expect_tiles({kFrom, kFrom, Seconds{60}}, Seconds{0});
  expect_tiles({kFrom, kFrom + Seconds{1000}, Seconds{7}}, kDay);
  EXPECT_EQ(chunks("x", {kFrom, kFrom + 56 * kDay, Seconds{300}}).size(), 9u);
}

TEST(OnlyPools, FiltersWhateverIsComputed) {
  const std::vector<ObjectKey> pools{{"video", "x\"y"}, {"video", "z"}};
  EXPECT_EQ(only_pools("a # c", pools, {.name_space = "ns", .pool = "p"}),
            "(a # c\n) and on (ns, p) ((label_replace(label_replace(vector(1), \"ns\", \"video\", "
            "\"\", \"\"), \"p\", \"x\\\"y\", \"\", \"\") or "
            "label_replace(label_replace(vector(1), \"ns\", \"video\", \"\", \"\"), \"p\", \"z\", "
            "\"\", \"\")))");
}

RangeSeries series(const std::string& pool, const std::string& zone,
                   std::vector<std::pair<int, double>> points) {
  RangeSeries result{{{"namespace", "video"}, {"pool", pool}, {"zone", zone}}, {}};
  for (const auto& [second, value] : points) {
    result.points.push_back({kFrom + Seconds{second}, value});
  }
  return result;
}

TEST(WholeMoments, AreTheOnlyOnesKept) {
  const model::SourceLabels labels{.failure_domain = "zone"};
  SeriesByPool collected(&labels);
  collected.add({{series("edge", "a", {{0, 1}, {60, 2}, {120, 3}, {180, 4}}),
                  series("edge", "b", {{0, 10}, {120, std::numeric_limits<double>::quiet_NaN()}}),
                  series("other", "a", {{60, 9}})},
                 {}});
  collected.add({{series("edge", "b", {{180, 40}, {240, 50}})}, {}});
  // 60: b was not recorded; 120: b is NaN; 240: a was not recorded. None of them is a zero.
  const Coverage both{.domain_label = "zone", .domains = {"a", "b"}};
  EXPECT_EQ(text(whole_moments(collected.take({"video", "edge"}), both)), "0=11 180=44 ");
  EXPECT_TRUE(collected.take({"video", "edge"}).empty());
  const Coverage one{.domain_label = "zone", .domains = {"a"}};
  EXPECT_EQ(text(whole_moments(collected.take({"video", "other"}), one)), "60=9 ");
}

TEST(WholeMoments, ASecondSeriesOfOneDomainIsAGap) {
  auto twin = series("edge", "a", {{60, 3}});
  twin.labels["cluster"] = "2";
  EXPECT_EQ(text(whole_moments({series("edge", "a", {{0, 1}, {60, 2}}), twin},
                               {.domain_label = "zone", .domains = {"a"}})),
            "0=1 ");
}

}  // namespace
}  // namespace edgetide::promql
