#include "cli/complete.h"

#include <gmock/gmock.h>

#include "cli/cluster_names.h"
#include "edgetide/backtest/policy_list.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> words(const std::vector<std::string>& line) {
  std::vector<std::string> all;
  const auto names = [](Names what, const std::vector<std::string>&) -> std::vector<std::string> {
    if (what == Names::kPools) return {"video/live", "video/vod"};
    if (what == Names::kClasses) return {"final", "league"};
    return {"video"};
  };
  for (const Completion& one : complete(line, names)) all.push_back(one.word);
  return all;
}

TEST(Complete, CommandsOptionsAndTheirValues) {
  EXPECT_THAT(words({"exp"}), ElementsAre("explain"));
  EXPECT_THAT(words({"help", "exp"}), ElementsAre("explain"));
  EXPECT_THAT(words({""}), Contains("status"));
  EXPECT_THAT(words({"status", "--sel"}), ElementsAre("--selector"));
  EXPECT_THAT(words({"status", "-o", ""}),
              ElementsAre("text", "wide", "json", "yaml", "csv", "name"));
  EXPECT_THAT(words({"status", "-n", "video", "--output", "w"}), ElementsAre("wide"));
  EXPECT_THAT(words({"events", ""}), Contains("validate"));
  EXPECT_THAT(words({"events", "validate", "-o", ""}), ElementsAre("text", "json", "yaml"));
  EXPECT_THAT(words({"completion", "f"}), ElementsAre("fish"));
}

TEST(Complete, TellsTheFirstSentenceOfAnOption) {
  const auto options = complete({"plan", "--calendar"}, {});
  ASSERT_EQ(options.size(), 1U);
  EXPECT_THAT(options[0].about, testing::EndsWith("iCalendar (.ics)"));
}

TEST(Complete, OneOfSeveralNamesOfAValue) {
  EXPECT_THAT(words({"backtest", "--policy", ""}), AllOf(Contains("edgetide"), Contains("hpa")));
  EXPECT_THAT(words({"backtest", "--policy", "edgetide,clair"}),
              ElementsAre("edgetide,clairvoyant"));
  EXPECT_THAT(words({"simulate", "--policy", "edget"}), Contains("edgetide"));
}

std::vector<std::string> knobs_of(const backtest::PolicyKind& kind, const std::string& before) {
  std::vector<std::string> all;
  for (const auto& knob : kind.knobs) all.push_back(before + knob.name + "=");
  return all;
}

TEST(Complete, EveryKnobOfEveryPolicy) {
  for (const auto& kind : backtest::policy_kinds()) {
    for (const std::string& before : {kind.name + ":", "hpa:target=0.7:sync=60," + kind.name + ":"})
      EXPECT_THAT(words({"backtest", "--policy", before}),
                  testing::ElementsAreArray(knobs_of(kind, before)));
  }
  EXPECT_THAT(words({"simulate", "--policy", "kpa:target=0.7:panicw"}),
              ElementsAre("kpa:target=0.7:panicwindow="));
  const auto panic = complete({"backtest", "--policy", "kpa:panicw"}, {});
  ASSERT_EQ(panic.size(), 1U);
  EXPECT_EQ(panic[0].about, "panic-window-percentage of the stable one");
}

/// Bash makes words of colons and equals signs, and goes on with the last of them alone.
TEST(Complete, KnobsAsBashTakesThemApart) {
  EXPECT_THAT(words({"backtest", "--policy", "kpa", ":", "panicw"}), ElementsAre("panicwindow="));
  EXPECT_THAT(words({"backtest", "--policy", "=", "kpa", ":", "panicw"}),
              ElementsAre("panicwindow="));
  EXPECT_THAT(words({"backtest", "--policy", "kpa", ":", "target", "=", "0.7", ":", "panicw"}),
              ElementsAre("panicwindow="));
  for (const char* policy : {"surge", "hpa:target=0.7,surge"}) {
    EXPECT_THAT(words({"backtest", "--policy", policy, ":"}),
                ElementsAre("factor=", "hold=", "past="));
    EXPECT_THAT(words({"backtest", "--policy", policy, ":", ""}),
                ElementsAre("factor=", "hold=", "past="));
  }
  EXPECT_THAT(words({"backtest", "--policy", "kpa", ":", "target", "=", "0.7,clair"}),
              ElementsAre("0.7,clairvoyant"));
}

/// Bash makes a word of the equals sign.
TEST(Complete, ValuesBehindAnEqualsSign) {
  EXPECT_THAT(words({"status", "--output", "=", "w"}), ElementsAre("wide"));
  EXPECT_THAT(words({"status", "--output", "="}), Contains("wide"));
  EXPECT_THAT(words({"backtest", "--policy", "=", "edget"}), ElementsAre("edgetide"));
}

TEST(Complete, NamesOfTheCluster) {
  EXPECT_THAT(words({"explain", ""}), ElementsAre("video/live", "video/vod"));
  EXPECT_THAT(words({"pause", "--for", "2h", "video/l"}), ElementsAre("video/live"));
  EXPECT_THAT(words({"status", "video/live", "video/v"}), ElementsAre("video/vod"));
  EXPECT_THAT(words({"classes", "reset", "f"}), ElementsAre("final"));
  EXPECT_THAT(words({"status", "-n", ""}), ElementsAre("video"));
  EXPECT_THAT(words({"classes", "import", ""}), IsEmpty());
}

TEST(Complete, AsksTheClusterAsTheCommandWould) {
  const auto access =
      access_meant({"status", "--context", "east", "--as", "ann", "--as-group", "oncall",
                    "--as-group=video", "--kubeconfig=/etc/edge", "live"});
  EXPECT_EQ(access.context, "east");
  EXPECT_EQ(access.kubeconfig, "/etc/edge");
  EXPECT_EQ(access.as, "ann");
  EXPECT_THAT(access.as_groups, ElementsAre("oncall", "video"));
  EXPECT_THAT(access_meant({"status", ""}).as_groups, IsEmpty());
}

TEST(Complete, NothingWhereFilesStand) {
  EXPECT_THAT(words({"plan", "-f", ""}), IsEmpty());
  EXPECT_THAT(words({"events", "list", ""}), IsEmpty());
  EXPECT_THAT(words({"nonsense", ""}), IsEmpty());
}

TEST(Complete, IsAskedByTheShellsThroughACommand) {
  EXPECT_EQ(run({"completion", "words", "--", "stat"}).out, "status\tall pools at a glance\n");
  // Help that is half typed is a word here, not a wish.
  EXPECT_EQ(run({"completion", "words", "--", "plan", "--help"}).out,
            "--help\toptions and examples\n");
  for (const char* shell : {"bash", "fish", "zsh"})
    EXPECT_THAT(run({"completion", shell}).out, HasSubstr("edgetide completion words -- "));
  EXPECT_THAT(run({"completion", "tcsh"}).err, HasSubstr("'tcsh' is none of bash, fish, zsh"));
  EXPECT_THAT(run({"completion"}).err, HasSubstr("completion: which of bash, fish, zsh?"));
}

TEST(Plugin, OfKubectlIsTheSameProgramByAnotherName) {
  const auto help = run({"status", "--help"}, {}, "/usr/local/bin/kubectl-edgetide");
  EXPECT_THAT(help.out, HasSubstr("Usage: kubectl edgetide status "));
  EXPECT_THAT(help.out, HasSubstr("\n  kubectl edgetide status -n video"));
  EXPECT_THAT(run({"statu"}, {}, "kubectl-edgetide").err, HasSubstr("did you mean status?"));
}

TEST(Plugin, TellsKubectlHowItsCommandLineCanGoOn) {
  EXPECT_EQ(run({"stat"}, {}, "/usr/local/bin/kubectl_complete-edgetide").out,
            "status\tall pools at a glance\n:4\n");
  EXPECT_EQ(run({"explain", ""}, {}, "kubectl_complete-edgetide").out, ":0\n");
}

}  // namespace
}  // namespace edgetide::cli
