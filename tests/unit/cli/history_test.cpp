#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/history_output.h"
#include "store/store.h"
#include "support/pools.h"
#include "unit/cli/pool_object.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

TEST(History, ShowsWhatWasKeptNewestFirst) {
  std::string name = (std::filesystem::temp_directory_path() / "edgetide-history-XXXXXX").string();
  const std::string directory = mkdtemp(name.data());
  const auto pool = testing_support::three_domains();
  {
    store::Store store({.directory = directory,
                        .render =
                            [](const model::PlanReport& report) {
                              return R"({"kind":"PlanReport","mode":")" +
                                     std::string(model::to_string(report.mode)) + R"("})";
                            },
                        .on_problem = [](const auto&) {},
                        .now = [] { return testing_support::kEvening; }});
    store.publish(pool, {.at = testing_support::kEvening, .summary = "held"}, {});
    store.publish(pool,
                  {.mode = model::Mode::kEnforce,
                   .at = testing_support::kEvening + Seconds{15},
                   .summary = "raised"},
                  {{{.name = "a", .from = Replicas{2}, .to = Replicas{8}, .result = {}}}});
  }
  const auto text = run({"history", pool.key.text(), "--data-dir", directory});
  EXPECT_EQ(text.exit, Exit::kOk) << text.err;
  EXPECT_THAT(text.out,
              testing::MatchesRegex("[^ ]*  raised; wrote a 2 -> 8\n[^ ]*  DryRun: held\n"));
  const auto json = run({"history", pool.key.text(), "--data-dir", directory, "-o", "json"});
  EXPECT_THAT(json.out, HasSubstr(R"("kind": "PlanReport")"));
  const auto yaml = run({"history", pool.key.text(), "--data-dir", directory, "-o", "yaml"});
  EXPECT_THAT(yaml.out, HasSubstr("kind: \"PlanReport\""));
  EXPECT_EQ(run({"history", "video/none", "--data-dir", directory}).exit, Exit::kNotFound);
  EXPECT_EQ(run({"history", pool.key.text(), "--data-dir", directory + "/x"}).exit,
            Exit::kNotFound);
  EXPECT_EQ(run({"history", "live", "--data-dir", directory}).exit, Exit::kUsage);
  std::filesystem::remove_all(directory);
}

TEST(History, OfAStatusIsItsRecentDecisions) {
  const auto pool = kube::decode_pool_status(told_pool());
  EXPECT_EQ(print_recent(pool, "text"),
            "TIME                  ACTION     FROM  TO  WRITTEN     BECAUSE OF\n"
            "2026-12-05T19:20:00Z  ScaleUp    42    52  yes         Event/video/final\n"
            "2026-12-04T23:30:00Z  ScaleDown  60    42  no, DryRun  Forecast\n");
  EXPECT_THAT(print_recent(pool, "json"), HasSubstr(R"("action": "ScaleUp")"));
  EXPECT_THAT(print_recent(pool, "yaml"), HasSubstr("action: \"ScaleUp\""));
  EXPECT_EQ(print_recent({}, "text"), "");
  EXPECT_EQ(run({"history", "video/live", "--kubeconfig", "/nonexistent"}).exit, Exit::kNotFound);
  EXPECT_EQ(run({"history"}).exit, Exit::kUsage);
}

TEST(History, DoesNotKnowWhatWasWrittenBeforeThatWasTold) {
  auto object = told_pool();
  object["status"]["recentDecisions"][0].erase("dryRun");
  const auto pool = kube::decode_pool_status(object);
  EXPECT_THAT(
      print_recent(pool, "text"),
      HasSubstr("2026-12-05T19:20:00Z  ScaleUp    42    52  not known   Event/video/final\n"));
  const auto json = nlohmann::json::parse(print_recent(pool, "json")).at("decisions");
  EXPECT_FALSE(json[0].contains("dryRun"));
  EXPECT_EQ(json[1].at("dryRun"), true);
}

}  // namespace
}  // namespace edgetide::cli
