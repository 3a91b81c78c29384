#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "cli/demo_command.h"
#include "cli/demo_stage.h"
#include "report/folding.h"

namespace edgetide::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace fs = std::filesystem;

/// A directory of its own, gone with the test.
class Demo : public testing::Test {
 protected:
  Demo() { fs::create_directories(directory_); }
  ~Demo() override { fs::remove_all(directory_); }

  DemoOptions options() const { return {.speed = std::nullopt, .report = page_}; }
  Exit run(const DemoOptions& asked, const std::map<std::string, std::string>& environment = {}) {
    out_.str("");
    err_.str("");
    return run_demo(asked, {.out = out_, .err = err_, .environment = [&](const std::string& name) {
                              const auto found = environment.find(name);
                              return found == environment.end() ? std::nullopt
                                                                : std::optional(found->second);
                            }});
  }
  std::string page() const {
    std::ifstream file(page_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path directory_ =
      fs::temp_directory_path() / ("edgetide-demo-test-" + std::to_string(getpid()));
  fs::path page_ = directory_ / "page.html";
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(Demo, TellsTheEveningInLinesAndEndsWithSummaryAndPage) {
  ASSERT_EQ(run(options()), Exit::kOk);
  EXPECT_THAT(out_.str(),
              AllOf(StartsWith("Edgetide demo: one live-sport evening"),
                    HasSubstr("18:30:00  viewers"), HasSubstr("23:25:00  viewers"),
                    HasSubstr("  * kick-off\n"), HasSubstr(" lost\n"), HasSubstr(" back\n")));
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("Shortfall, viewer-minutes"), HasSubstr("HPA at 60 %"),
                                HasSubstr("Report: " + page_.string() + "\n")));
  EXPECT_THAT(out_.str(), Not(HasSubstr("\x1b")));
  EXPECT_EQ(err_.str(), "");
  EXPECT_THAT(page(), AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("Decisions")));
}

TEST_F(Demo, GivesTheSameBytesForTheSameSeed) {
  ASSERT_EQ(run(options()), Exit::kOk);
  const std::string first_page = page();
  const std::string first_text = out_.str();
  ASSERT_EQ(run(options()), Exit::kOk);
  EXPECT_EQ(page(), first_page);
  EXPECT_EQ(out_.str(), first_text);

  DemoOptions other = options();
  other.seed = 2;
  ASSERT_EQ(run(other), Exit::kOk);
  EXPECT_NE(page(), first_page);
}

TEST_F(Demo, PrintsNothingButJsonWhenThatIsAskedFor) {
  DemoOptions asked = options();
  asked.output = DemoOptions::Output::kJson;
  ASSERT_EQ(run(asked), Exit::kOk);
  const auto summary = nlohmann::json::parse(out_.str());
  EXPECT_EQ(summary["kind"], "DemoSummary");
  EXPECT_EQ(summary["report"], page_.string());
  ASSERT_EQ(summary["policies"].size(), 3u);
  EXPECT_EQ(summary["policies"][0]["policy"], "Edgetide");
  EXPECT_EQ(summary["policies"][0]["shortfall"]["viewerMinutes"], 0.0);
  EXPECT_GT(summary["policies"][2]["shortfall"]["viewerMinutes"], 0.0);
  EXPECT_TRUE(summary["policies"][0].contains("shortfallDuringZoneLoss"));
  // What the reserve is paid for, and the leaner fleet does without.
  EXPECT_LT(summary["policies"][0]["unprotectedMinutes"], 15.0);
  EXPECT_GT(summary["policies"][1]["unprotectedMinutes"], 60.0);
  EXPECT_GT(summary["policies"][2]["unprotectedMinutes"], 60.0);
  EXPECT_THAT(err_.str(), HasSubstr("18:30:00  viewers"));
}

TEST_F(Demo, LeavesZonesAliveWhenAsked) {
  DemoOptions asked = options();
  asked.zone_loss = false;
  ASSERT_EQ(run(asked), Exit::kOk);
  EXPECT_THAT(out_.str(), Not(HasSubstr(" lost")));
  EXPECT_THAT(page(), Not(HasSubstr(" lost</text>")));
}

TEST_F(Demo, ColoursOnlyWhenToldToWhereThereIsNoTerminal) {
  DemoOptions asked = options();
  asked.color = DemoOptions::Color::kAlways;
  ASSERT_EQ(run(asked), Exit::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("\x1b["));

  ASSERT_EQ(run(options(), {{"CLICOLOR_FORCE", "1"}}), Exit::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("\x1b["));
  ASSERT_EQ(run(options(), {{"CLICOLOR_FORCE", "0"}}), Exit::kOk);
  EXPECT_THAT(out_.str(), Not(HasSubstr("\x1b[")));
  ASSERT_EQ(run(options(), {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}), Exit::kOk);
  EXPECT_THAT(out_.str(), Not(HasSubstr("\x1b[")));
}

TEST_F(Demo, FitsEightyColumns) {
  ASSERT_EQ(run(options()), Exit::kOk);
  std::istringstream lines(out_.str());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Report: ")) continue;  // a path is as long as it is
    EXPECT_LE(report::width_of(line), 80U) << line;
  }
}

TEST_F(Demo, FailsBeforeTheEveningWhenThePageHasNoPlace) {
  DemoOptions asked = options();
  asked.report = directory_ / "absent" / "page.html";
  asked.speed = 1;  // five hours, if it were begun
  EXPECT_EQ(run(asked), Exit::kFailed);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("absent/page.html"), HasSubstr("cannot be written")));
}

TEST_F(Demo, KeepsItsPace) {
  DemoOptions asked = options();
  asked.speed = 50'000;  // 18,000 s in 0.36
  const auto began = std::chrono::steady_clock::now();
  ASSERT_EQ(run(asked), Exit::kOk);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds{355});
}

TEST_F(Demo, EndsCleanlyWhenInterrupted) {
  for (const int signal : {SIGINT, SIGTERM}) {
    DemoOptions asked = options();
    asked.speed = 10;
    std::jthread interrupts([signal] {
      std::this_thread::sleep_for(std::chrono::milliseconds{300});
      kill(getpid(), signal);
    });
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(run(asked), Exit::kInterrupted);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{60});
    EXPECT_THAT(err_.str(), HasSubstr("interrupted at 18:30:"));
    EXPECT_FALSE(fs::exists(page_));
  }
}

TEST(LiveStage, ShowsTheCursorAgainOnce) {
  std::ostringstream out;
  const auto stage = live_stage(out, /*descriptor=*/-1, {});
  stage->close();
  stage->close();
  EXPECT_EQ(out.str(), "\x1b[?25l\x1b[?25h");
}

TEST(CanRedraw, OnlyOnATerminal) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(can_redraw(ends[1], "xterm"));
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace edgetide::cli
