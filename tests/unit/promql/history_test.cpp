#include "promql/history.h"

#include <gtest/gtest.h>

#include <thread>

#include "history_bench.h"
#include "history_text.h"

namespace edgetide::promql {
namespace {

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
  HistoryBench bench{[](const http::Request& request) { return matrix_of(request); }};
  const auto history = bench.source.history(pool(), {kFrom, kFrom + 14 * kDay, Seconds{300}});
  ASSERT_TRUE(history.ok()) << history.error().text();
  EXPECT_EQ(text(*history), "0=7 604800=7 1209600=7 ");
  EXPECT_EQ(form(bench.server.requests()[0].body)["query"],
            only_pools("sum by (namespace, pool, zone) (sessions)", std::vector{pool().key}, {}));
}

TEST(History, NothingRecordedIsAnAnswer) {
  HistoryBench bench{[](const http::Request&) {
    return ok(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  }};
  const auto history = bench.source.history(pool(), {kFrom, kFrom + kDay, Seconds{300}});
  ASSERT_TRUE(history.ok());
  EXPECT_TRUE(history->empty());
}

TEST(History, AServerThatFailedIsLeftAloneForAMinuteByAllPools) {
  HistoryBench bench{[&](const http::Request&) -> Result<http::Response> {
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
  auto spec = HistoryBench::spec();
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

TEST(History, ThatTakesTooLongInAllIsGivenUp) {
  FakeServer server{[](const http::Request& request) {
    std::this_thread::sleep_for(std::chrono::milliseconds{60});
    return matrix_of(request);
  }};
  const auto spec = HistoryBench::spec();
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
  HistoryBench warned{[](const http::Request& request) {
    return matrix_of(request, R"(,"warnings":["store away"])");
  }};
  EXPECT_EQ(warned.source.history(pool(), {kFrom, kFrom, Seconds{300}}).error().text(),
            "history from MetricSource video: the server warns: store away");
  int requests = 0;
  HistoryBench cut{[&](const http::Request& request) -> Result<http::Response> {
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
