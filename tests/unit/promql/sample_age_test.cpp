#include "promql/sample_age.h"

#include <gtest/gtest.h>

#include <limits>

namespace edgetide::promql {
namespace {

const model::SourceLabels kLabels{.name_space = "namespace", .pool = "pool"};

TEST(SampleTimeQuery, AsksEverySelectorForItsTimes) {
  EXPECT_EQ(sample_time_query("sum by (namespace, pool) (a{x=\"1\"}) / b", &kLabels),
            "min by (namespace, pool) (label_replace(timestamp(a{x=\"1\"}), \"edgetide_selector\", "
            "\"0\", \"\", \"\") or label_replace(timestamp(b), \"edgetide_selector\", \"1\", \"\", "
            "\"\"))");
  EXPECT_EQ(sample_time_query("a", nullptr),
            "min(label_replace(timestamp(a), \"edgetide_selector\", \"0\", \"\", \"\"))");
  EXPECT_EQ(sample_time_query("vector(5)", &kLabels), std::nullopt);
}

Labels labels(const std::string& name_space, const std::string& pool) {
  Labels result;
  if (!name_space.empty()) result["namespace"] = name_space;
  if (!pool.empty()) result["pool"] = pool;
  return result;
}

std::optional<Instant> oldest(const std::vector<InstantSeries>& series, const ObjectKey& pool) {
  return SampleTimes{{.series = series, .warnings = {}}, kLabels}.oldest(pool);
}

Instant at(int seconds) { return Instant{Seconds{seconds}}; }

TEST(SampleTimes, FindTheOldestThatConcernsThePool) {
  const ObjectKey pool{"video", "a"};
  // Its own series, not another pool's.
  EXPECT_EQ(oldest({{labels("video", "a"), 100.9}, {labels("video", "b"), 50}}, pool), at(100));
  // A series without pool label may be everybody's.
  EXPECT_EQ(oldest({{labels("video", "a"), 100}, {labels("", ""), 70}}, pool), at(70));
  EXPECT_EQ(oldest({{labels("video", "a"), 100}, {labels("video", ""), 80}}, pool), at(80));
  EXPECT_EQ(oldest({{labels("video", "a"), 100}, {labels("radio", ""), 80}}, pool), at(100));
  // When labels fit nowhere, the oldest of all: the answer renamed them.
  EXPECT_EQ(oldest({{labels("x", "y"), 100}, {labels("x", "z"), 60}}, pool), at(60));
  EXPECT_EQ(oldest({}, pool), std::nullopt);
  EXPECT_EQ(oldest({{labels("video", "a"), std::numeric_limits<double>::quiet_NaN()}}, pool),
            std::nullopt);
}

}  // namespace
}  // namespace edgetide::promql
