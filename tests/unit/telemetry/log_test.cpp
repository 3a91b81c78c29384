#include "telemetry/log.h"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

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
  EXPECT_THAT(said(), testing::HasSubstr("video/live-edge a: 2 -> 3 replicas not written: no"));
  log.publish(pool, report, refused("no"));
  EXPECT_EQ(said(), "");
  log.publish(pool, report, refused("never"));
  EXPECT_THAT(said(), testing::HasSubstr("never"));
  log.publish(pool, report, {});
  log.publish(pool, report, refused("never"));
  EXPECT_THAT(said(), testing::HasSubstr("never")) << "what ended begins anew";
}

}  // namespace
}  // namespace edgetide::telemetry
