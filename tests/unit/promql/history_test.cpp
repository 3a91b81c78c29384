#include "promql/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>

#include "fake_transport.h"
#include "history_text.h"
#include "promql/source.h"

namespace edgetide::promql {
namespace {

struct Bench {
  explicit Bench(FakeServer::Answer answer) : server(std::move(answer)) {}
  static model::MetricSource spec() {
    model::MetricSource result;
    result.name = "video";
    result.url = "http://prometheus:9090";
    result.allowed_namespaces = {"*"};
    result.labels.failure_domain = "zone";
    result.queries = {{"viewers", "sum by (namespace, pool, zone) (sessions)"}};
    return result;
  }
  FakeServer server;
  Source source{
      spec(),
      [](const auto&, const auto&, const auto&) -> Result<std::string> { return std::string{}; },
      [this](const http::Endpoint&) {
        return Result<std::unique_ptr<http::Transport>>{std::make_unique<FakeTransport>(server)};
      }};
};

model::EdgePool pool() {
  model::EdgePool result;
  result.key = {"video", "edge"};
  result.domains = {{.name = "a"}};
  return result;
}

http::Response matrix_of(const http::Request& request, const std::string& more = "") {
  const auto start = form(request.body)["start"];
  return ok(R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":
    {"namespace":"video","pool":"edge","zone":"a"},"values":[[)" +
            start + R"(,"7"]]}]})" + more + "}");
}

TEST(History, JoinsTheChunks) {
  Bench bench{[](const http::Request& request) { return matrix_of(request); }};
  const auto history = bench.source.history(pool(), {kFrom, kFrom + 14 * kDay, Seconds{300}});
  ASSERT_TRUE(history.ok()) << history.error().text();
  EXPECT_EQ(text(*history), "0=7 604800=7 1209600=7 ");
  EXPECT_EQ(form(bench.server.requests()[0].body)["query"],
            only_pools("sum by (namespace, pool, zone) (sessions)", std::vector{pool().key}, {}));
}

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
  Bench bench{[this](const http::Request& request) { return answer(request); }};
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

TEST(History, NothingRecordedIsAnAnswer) {
  Bench bench{[](const http::Request&) {
    return ok(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  }};
  const auto history = bench.source.history(pool(), {kFrom, kFrom + kDay, Seconds{300}});
  ASSERT_TRUE(history.ok());
  EXPECT_TRUE(history->empty());
}

TEST(History, AServerThatFailedIsLeftAloneForAMinuteByAllPools) {
  Bench bench{[&](const http::Request&) -> Result<http::Response> {
    return Error{ErrorCode::kTimeout, "no complete answer in time"};
  }};
  const ports::HistoryRange range{kFrom, kFrom + kDay, Seconds{300}};
  auto second = pool();
  second.key.name = "other";
  auto own = pool();
  own.demand.queries = {{"viewers", "sum(own)"}};
  for (const auto& asking : {pool(), second, own}) {
    EXPECT_EQ(bench.source.history(asking, range).error().text(),
              "history from MetricSource video: no complete answer in time");
  }
  EXPECT_EQ(bench.server.new_requests(), 1);
}

/// The moments asked for are long ago: that says nothing of how old the credentials are.
TEST(History, CausesNoCredentialToBeReadAgain) {
  auto spec = Bench::spec();
  spec.authorization = {.type = model::SourceAuthorization::Type::kBearer,
                        .token = {.name_space = "m", .name = "s", .key = "t"}};
  int secrets_read = 0;
  FakeServer server{[](const http::Request& request) { return matrix_of(request); }};
  Source source{
      spec,
      [&](const auto&, const auto&, const auto&) -> Result<std::string> {
        ++secrets_read;
        return std::string{"token"};
      },
      [&](const http::Endpoint&) {
        return Result<std::unique_ptr<http::Transport>>{std::make_unique<FakeTransport>(server)};
      }};
  source.refresh(kFrom);
  ASSERT_TRUE(source.history(pool(), {kFrom - 56 * kDay, kFrom, Seconds{300}}).ok());
  source.refresh(kFrom + Seconds{30});
  EXPECT_EQ(secrets_read, 1);
  source.refresh(kFrom + Seconds{60});
  EXPECT_EQ(secrets_read, 2);
}

/// Of ten thousand pools each one's history would list them all.
TEST(History, ThePoolsAreListedOnceForAllWhosePastIsReadTogether) {
  FleetBench fleet(3);
  const auto spec = Bench::spec();
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

TEST(History, ThatTakesTooLongInAllIsGivenUp) {
  FakeServer server{[](const http::Request& request) {
    std::this_thread::sleep_for(std::chrono::milliseconds{60});
    return matrix_of(request);
  }};
  const auto spec = Bench::spec();
  Connection connection{
      spec,
      [](const auto&, const auto&, const auto&) -> Result<std::string> { return std::string{}; },
      [&](const http::Endpoint&) {
        return Result<std::unique_ptr<http::Transport>>{std::make_unique<FakeTransport>(server)};
      }};
  HistoryReader reader{spec, connection, {}, std::chrono::milliseconds{100}};
  const auto read = reader.own("x", {}, {kFrom, kFrom + 56 * kDay, Seconds{300}});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(server.new_requests(), 2) << "of nine";
}

TEST(History, FailsAsAWhole) {
  Bench warned{[](const http::Request& request) {
    return matrix_of(request, R"(,"warnings":["store away"])");
  }};
  EXPECT_EQ(warned.source.history(pool(), {kFrom, kFrom, Seconds{300}}).error().text(),
            "history from MetricSource video: the server warns: store away");
  int requests = 0;
  Bench cut{[&](const http::Request& request) -> Result<http::Response> {
    if (++requests == 2) return Error{ErrorCode::kUnavailable, "cut"};
    return matrix_of(request);
  }};
  EXPECT_EQ(cut.source.history(pool(), {kFrom, kFrom + 30 * kDay, Seconds{300}}).error().text(),
            "history from MetricSource video: cut");
  EXPECT_EQ(requests, 2);
  EXPECT_EQ(cut.source.history(pool(), {kFrom, kFrom - kDay, Seconds{300}}).error().code,
            ErrorCode::kInvalid);
  EXPECT_EQ(cut.source.history(pool(), {kFrom, kFrom, Seconds{0}}).error().code,
            ErrorCode::kInvalid);
}

}  // namespace
}  // namespace edgetide::promql
