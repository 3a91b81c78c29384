#include <gtest/gtest.h>

#include <algorithm>

#include "history_bench.h"
#include "history_text.h"

namespace edgetide::promql {
namespace {

/// Answers rounds and ranges for pools edge-0 to edge-N.
struct FleetBench {
  explicit FleetBench(int count) : pools(count) {}

  Result<http::Response> answer(const http::Request& request) const {
    const bool ranges = request.target.ends_with("query_range");
    const auto fields = form(request.body);
    std::string result;
    if (fields.at("query").starts_with("count(")) {
      return ok(R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},)"
                R"("values":[[)" +
                std::to_string(recorded_from.time_since_epoch().count()) + R"(,"9"]]}]}})");
    }
    for (int i = 0; i < pools; ++i) {
      const std::string name = "edge-" + std::to_string(i);
      const bool filtered = fields.at("query").find("vector(1)") != std::string::npos;
      if (filtered && fields.at("query").find('"' + name + '"') == std::string::npos) continue;
      result += (result.empty() ? "" : ",") +
                std::string(R"({"metric":{"namespace":"video","pool":")") + name +
                R"(","zone":"a"},)" +
                (ranges ? R"("values":[[)" + fields.at("start") + R"(,")" : R"("value":[1,")") +
                std::to_string(i) + (ranges ? "\"]]}" : "\"]}");
    }
    return ok(R"({"status":"success","data":{"resultType":")" +
              std::string(ranges ? "matrix" : "vector") + R"(","result":[)" + result + "]}}");
  }
  model::EdgePool pool(int i) const {
    model::EdgePool result;
    result.key = {"video", "edge-" + std::to_string(i)};
    result.domains = {{.name = "a"}};
    return result;
  }
  /// The pools' numbers as their names are sorted.
  [[nodiscard]] std::vector<int> in_order() const {
    std::vector<int> numbers;
    for (int i = 0; i < pools; ++i) numbers.push_back(i);
    std::ranges::sort(numbers, {}, [](int i) { return std::to_string(i); });
    return numbers;
  }
  std::string history(int i, Instant to, Seconds step = Seconds{300}) {
    const auto found = bench.source.history(pool(i), {kFrom, to, step});
    return found.ok() ? text(*found) : found.error().text();
  }

  int pools;
  Instant recorded_from = kFrom;
  HistoryBench bench{[this](const http::Request& request) { return answer(request); }};
};

TEST(History, OneRequestServesAllPools) {
  FleetBench fleet(3);
  fleet.bench.source.refresh(kFrom);
  fleet.bench.server.new_requests();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(fleet.history(i, kFrom + kDay + Seconds{i}), "0=" + std::to_string(i) + " ");
  EXPECT_EQ(fleet.bench.server.new_requests(), 1);
  EXPECT_EQ(form(fleet.bench.server.requests().back().body)["query"],
            "sum by (namespace, pool, zone) (sessions)");
  // What was taken is read again, and so is another range.
  EXPECT_EQ(fleet.history(1, kFrom + kDay), "0=1 ");
  EXPECT_EQ(fleet.bench.server.new_requests(), 1);
  EXPECT_EQ(fleet.history(2, kFrom + kDay, Seconds{60}), "0=2 ");
  EXPECT_EQ(fleet.history(0, kFrom + kDay + Seconds{600}), "0=0 ");
  EXPECT_EQ(fleet.bench.server.new_requests(), 2);
}

TEST(History, OfALargeFleetIsReadInGroups) {
  FleetBench fleet(50);
  fleet.bench.source.refresh(kFrom);
  fleet.bench.server.new_requests();
  // 28 days by the minute are 40,320 points each: four pools, then 49 in one go, of which an answer
  // holds half: two groups, in 4 and more chunks.
  for (const int i : fleet.in_order())
    EXPECT_EQ(fleet.history(i, kFrom + 28 * kDay, Seconds{60}).substr(0, 2), "0=");
  EXPECT_LE(fleet.bench.server.new_requests(), 3 * 5 + 1);  // and where the record begins
}

/// 361 steps of 6,000 series: 2.2 million points.
struct LargeFleet : FleetBench {
  LargeFleet() : FleetBench(6000) {
    bench.source.refresh(kFrom);
    bench.server.new_requests();
  }
  std::string recent(int i) { return history(i, kFrom + Seconds{6 * 3600}, Seconds{60}); }
  [[nodiscard]] std::size_t pools_asked_for() {
    const std::string query = form(bench.server.requests().back().body)["query"];
    std::size_t count = 0;
    for (auto at = query.find("vector(1)"); at != query.npos; at = query.find("vector(1)", at + 1))
      ++count;
    return count;
  }
};

TEST(History, OfAFewPoolsOfALargeFleetIsNotThatOfAll) {
  LargeFleet fleet;
  EXPECT_EQ(fleet.recent(77), "0=77 ");
  EXPECT_EQ(fleet.bench.server.new_requests(), 2) << "where the record begins, and one group";
  EXPECT_EQ(fleet.pools_asked_for(), 200'000u / 361);
}

TEST(History, OfALargeFleetIsReadInOneGoWhereItsStatesWillTakeAsMuch) {
  LargeFleet fleet;
  const auto numbers = fleet.in_order();
  const std::size_t group = 200'000 / 361;
  for (std::size_t i = 0; i < group; ++i) EXPECT_NE(fleet.recent(numbers[i]), "");
  EXPECT_EQ(fleet.bench.server.new_requests(), 2);
  for (std::size_t i = group; i < numbers.size(); i += 100) {
    const std::string first = "0=" + std::to_string(numbers[i]) + " ";
    EXPECT_EQ(fleet.recent(numbers[i]).substr(0, first.size()), first);
  }
  EXPECT_EQ(fleet.bench.server.new_requests(), 3) << "166 steps an answer";
  EXPECT_EQ(fleet.pools_asked_for(), 0u)
      << "nothing is left out, for which the server would still compute everything";
}

TEST(History, OfALargeFleetIsNotAskedForBeforeTheRecordBegins) {
  FleetBench fleet(50);
  fleet.recorded_from = kFrom + 27 * kDay;
  fleet.bench.source.refresh(kFrom);
  fleet.bench.server.new_requests();
  for (int i = 0; i < 50; ++i) EXPECT_NE(fleet.history(i, kFrom + 28 * kDay, Seconds{60}), "");
  EXPECT_EQ(fleet.bench.server.new_requests(), 2) << "the last day of all of them";
  const auto asked = form(fleet.bench.server.requests().back().body);
  EXPECT_LE(std::stoll(asked.at("start")), fleet.recorded_from.time_since_epoch().count());
  EXPECT_GE(std::stoll(asked.at("start")), (kFrom + 26 * kDay).time_since_epoch().count());
}

/// Of ten thousand pools each one's history would list them all.
TEST(History, ThePoolsAreListedOnceForAllWhosePastIsReadTogether) {
  FleetBench fleet(3);
  const auto spec = HistoryBench::spec();
  Connection connection{
      spec,
      [](const auto&, const auto&, const auto&) -> Result<std::string> { return std::string{}; },
      [&](const http::Endpoint&) {
        return Result<std::unique_ptr<http::Transport>>{
            std::make_unique<FakeTransport>(fleet.bench.server)};
      }};
  HistoryReader reader{spec, connection, {}};
  std::vector<ObjectKey> pools;
  for (int i = 0; i < 3; ++i) pools.push_back(fleet.pool(i).key);
  int listed = 0;
  for (const ObjectKey& pool : pools) {
    const auto history =
        reader.batch(spec.queries.at("viewers"), pool, {.domain_label = "zone", .domains = {"a"}},
                     {kFrom, kFrom + kDay, Seconds{300}}, [&] {
                       ++listed;
                       return pools;
                     });
    ASSERT_TRUE(history.ok()) << history.error().text();
    EXPECT_EQ(history->samples().size(), 1u);
  }
  EXPECT_EQ(listed, 1);
}

}  // namespace
}  // namespace edgetide::promql
