#include "telemetry/log.h"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "support/pools.h"

namespace edgetide::telemetry {
namespace {

using namespace testing_support;

/// What is logged, a line each: "warning the words".
class LogTest : public testing::Test {
 protected:
  LogTest() {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }

  std::string said() {
    std::string text = text_.str();
    text_.str("");
    return text;
  }

  std::ostringstream text_;
};

ports::ActOutcome refused(const std::string& why) {
  return {.writes = {{.name = "a",
                      .from = Replicas{2},
                      .to = Replicas{3},
                      .result = Error{.code = ErrorCode::kForbidden, .message = why}}}};
}

TEST_F(LogTest, NoNameForgesALine) {
  log_info("pool \"x\"\nerror all is lost");
  EXPECT_EQ(said(), "info pool \\\"x\\\"\\u000aerror all is lost\n");
}

TEST_F(LogTest, ARefusalThatLastsIsSaidOnce) {
  DecisionLog log;
  const auto pool = three_domains();
  const model::PlanReport report{.pool = pool.key, .summary = "as ever"};
  log.publish(pool, report, refused("no"));
  EXPECT_THAT(said(), testing::HasSubstr("a: 2 -> 3 replicas not written: no"));
  log.publish(pool, report, refused("no"));
  EXPECT_EQ(said(), "");
  log.publish(pool, report, refused("never"));
  EXPECT_THAT(said(), testing::HasSubstr("never"));
  log.publish(pool, report, {});
  log.publish(pool, report, refused("never"));
  EXPECT_THAT(said(), testing::HasSubstr("never")) << "what ended begins anew";
}

TEST_F(LogTest, TheLinesOfOneLookBearItsPoolAndNumber) {
  DecisionLog log;
  const auto pool = three_domains();
  const model::PlanReport report{
      .pool = pool.key, .violations = {{.rule = "r", .detail = "d"}}, .summary = "s"};
  log.publish(pool, report, {});
  EXPECT_EQ(said(),
            "warning Enforce s pool=video/live-edge reconcile=1\n"
            "error plan broke r: d pool=video/live-edge reconcile=1\n");
  log.publish(pool, report, refused("first"));
  EXPECT_THAT(said(), testing::EndsWith("first pool=video/live-edge reconcile=2\n"));
  log.forget(pool.key);
  EXPECT_EQ(said(), "info the pool is gone; its targets stay as they are pool=video/live-edge\n");
}

TEST_F(LogTest, AFaultThatLastsDoesNotFillTheLog) {
  for (int port = 0; port < 20; ++port) log_warn("no answer on port " + std::to_string(port));
  const std::string lines = said();
  EXPECT_EQ(std::ranges::count(lines, '\n'), 5);
  EXPECT_THAT(lines, testing::EndsWith("warning no answer on port 4\n"));
  for (int write = 0; write < 20; ++write) log_info("written " + std::to_string(write));
  const std::string writes = said();
  EXPECT_EQ(std::ranges::count(writes, '\n'), 20) << "only trouble is limited";
}

void log_as_json() {
  if (!start_log(LogFormat::kJson, "info").ok()) std::exit(EXIT_FAILURE);
  set_log_epoch(3);
  log(LogLevel::kInfo, "a \"name\"", {.pool = "video/x", .reconcile = 7});
  log_info("plain");
  std::exit(EXIT_SUCCESS);
}

void log_as_text() {
  if (!start_log(LogFormat::kText, "info").ok()) std::exit(EXIT_FAILURE);
  log_info("standing by");
  set_log_epoch(3);
  log(LogLevel::kInfo, "a \"name\"", {.pool = "video/x", .reconcile = 7});
  log_info("plain");
  std::exit(EXIT_SUCCESS);
}

TEST(LogDeathTest, TextLinesHaveTheirFieldsAndTheLeadersEpoch) {
  EXPECT_EXIT(log_as_text(), testing::ExitedWithCode(EXIT_SUCCESS),
              "info standing by\n"
              R"([^ ]+Z info a \\"name\\" pool=video/x reconcile=7 epoch=3)"
              "\n"
              R"([^ ]+Z info plain epoch=3)");
}

TEST(LogDeathTest, JsonLinesHaveTheirFieldsAndTheLeadersEpoch) {
  EXPECT_EXIT(log_as_json(), testing::ExitedWithCode(EXIT_SUCCESS),
              R"(^\{"time":"[^"]+Z","level":"info","message":"a \\"name\\"",)"
              R"("pool":"video/x","reconcile":7,"epoch":3\})"
              "\n"
              R"(\{"time":"[^"]+Z","level":"info","message":"plain","epoch":3\})");
}

}  // namespace
}  // namespace edgetide::telemetry
