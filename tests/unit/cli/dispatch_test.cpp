#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/commands.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string kExample = std::string(EDGETIDE_SOURCE_DIR) + "/examples/live-edge";

TEST(Cli, HelpGoesToStdoutAndItsAbsenceIsAUsageError) {
  EXPECT_EQ(run({"--help"}).exit, Exit::kOk);
  EXPECT_THAT(run({"--help"}).out, HasSubstr("Commands:"));
  const auto nothing = run({});
  EXPECT_EQ(nothing.exit, Exit::kUsage);
  EXPECT_THAT(nothing.out, IsEmpty());
}

TEST(Cli, EveryCommandHasHelpWithExamplesWithinAHundredColumns) {
  for (const Command& command : commands()) {
    for (const auto& help : {run({command.name, "--help"}), run({"help", command.name})}) {
      EXPECT_EQ(help.exit, Exit::kOk) << command.name;
      EXPECT_THAT(help.out, HasSubstr("Examples:")) << command.name;
      std::istringstream lines(help.out);
      for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
    }
  }
}

TEST(Cli, SlipsAreAnsweredWithTheNearestWord) {
  EXPECT_THAT(run({"plann"}).err, HasSubstr("did you mean plan?"));
  EXPECT_EQ(run({"plann"}).exit, Exit::kUsage);
  const auto option = run({"plan", "--outptu", "json"});
  EXPECT_EQ(option.exit, Exit::kUsage);
  EXPECT_THAT(option.err, HasSubstr("did you mean --output?"));
  EXPECT_THAT(run({"version", "surplus"}).err, HasSubstr("unexpected argument 'surplus'"));
}

TEST(Cli, VersionAndCrdsAndCompletionPrint) {
  EXPECT_THAT(run({"--version"}).out, HasSubstr("edgetide "));
  const auto version = nlohmann::json::parse(run({"version", "-o", "json"}).out);
  EXPECT_EQ(version["apiVersion"], "edgetide.io/v1alpha1");
  EXPECT_THAT(version["commit"].get<std::string>(),
              testing::AnyOf("unknown", testing::MatchesRegex("[0-9a-f]{40}")));
  EXPECT_THAT(run({"version"}).out, HasSubstr(" (" + version["commit"].get<std::string>() + ")\n"));
  EXPECT_THAT(version["libraries"]["openssl"].get<std::string>(), testing::StartsWith("3."));
  EXPECT_THAT(run({"crds"}).out, HasSubstr("name: edgepools.edgetide.io"));
  EXPECT_THAT(run({"completion", "bash"}).out, HasSubstr("complete -F _edgetide edgetide"));
}

TEST(Cli, VersionTellsTheDateAndTheKubernetesThatTheChartAndThePagesTell) {
  const auto text_of = [](const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(EDGETIDE_SOURCE_DIR "/" + path).rdbuf();
    return text.str();
  };
  const auto version = nlohmann::json::parse(run({"version", "-o", "json"}).out);
  EXPECT_THAT(version["date"].get<std::string>(),
              testing::AnyOf("unknown", testing::MatchesRegex("[0-9-]{10}T[0-9:]{8}Z")));
  const std::string oldest = version["kubernetes"]["oldest"];
  const std::string tested = version["kubernetes"]["tested"];
  EXPECT_THAT(text_of("charts/edgetide/Chart.yaml"),
              HasSubstr("\nkubeVersion: \">=" + oldest + ".0-0\"\n"));
  const std::string pages = text_of("docs/compatibility.md");
  EXPECT_THAT(pages, HasSubstr("\n| Kubernetes | " + oldest + " and later: "));
  EXPECT_THAT(pages, HasSubstr(" | " + tested + " (`tests/contract`"));
}

TEST(Cli, TheManualPageHasEveryCommandWithItsOptions) {
  const std::string page = run({"man"}).out;
  // Of the commit, so that the same one gives the same page; of sources without one there is none.
  EXPECT_THAT(page, testing::ContainsRegex("^\\.TH EDGETIDE 1 \"([0-9]{4}-[0-9]{2}-[0-9]{2})?\" "));
  const std::string date = nlohmann::json::parse(run({"version", "-o", "json"}).out)["date"];
  if (date != "unknown") {
    EXPECT_THAT(page, testing::StartsWith(".TH EDGETIDE 1 \"" + date.substr(0, 10) + "\" "));
  }
  for (const Command& command : commands()) {
    EXPECT_THAT(page, HasSubstr("\n.SS " + command.name + "\n"));
    for (const auto& option : command.options) {
      std::string name = "\\-\\-" + option.name;
      for (auto at = name.find('-', 4); at != std::string::npos; at = name.find('-', at + 2))
        name.insert(at, "\\");
      EXPECT_THAT(page, HasSubstr("\\fB" + name + "\\fR")) << command.name;
    }
  }
}

TEST(Cli, WhoAsksForJsonGetsErrorsAsJson) {
  const auto failed = run({"status", "-o", "json", "--kubeconfig", "/nonexistent"});
  EXPECT_EQ(failed.exit, Exit::kNotFound);
  EXPECT_THAT(failed.out, IsEmpty());
  const auto error = nlohmann::json::parse(failed.err);
  EXPECT_EQ(error["kind"], "Error");
  EXPECT_EQ(error["code"], "not found");
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("/nonexistent: no such file"));
}

TEST(Cli, AFolderIsNoFile) {
  const auto pool = written("lone.yaml", "failureDomains: [{name: a}]\ncapacity: {viewers: 9}\n");
  const auto series = written("series.csv", "timestamp,value\n2026-12-05T12:00:00Z,30000\n");
  const std::string folder = testing::TempDir();
  const std::vector<std::vector<std::string>> lines{
      {"backtest", "--series", series, "--pool", folder},
      {"forecast", "--series", folder},
      {"forecast", "--series", series, "--calendar", folder},
      {"events", "validate", folder},
      {"simulate", folder},
      {"plan", "-f", kExample, "--demand", folder}};
  for (const auto& line : lines) {
    const auto refused = run(line);
    EXPECT_EQ(refused.exit, Exit::kUsage) << line.front();
    EXPECT_THAT(refused.err, HasSubstr(folder + ": is a folder; give a file\n")) << line.front();
  }
}

TEST(Cli, TheEnvironmentSetsWhatNoFlagDoes) {
  EXPECT_THAT(run({"version"}, {{"EDGETIDE_OUTPUT", "json"}}).out, HasSubstr("{"));
  EXPECT_THAT(run({"version", "-o", "text"}, {{"EDGETIDE_OUTPUT", "json"}}).out,
              Not(HasSubstr("{")));
  EXPECT_THAT(run({"version"}, {{"EDGETIDE_OUTPUT", "xml"}}).err,
              HasSubstr("EDGETIDE_OUTPUT: 'xml' is not one of text, json, yaml"));
}

TEST(Plan, FromFilesTellsWhatWouldBeDone) {
  const auto demand = written("viewers.csv", "timestamp,value\n2026-12-05T12:00:00Z,30000\n");
  const auto planned = run({"plan", "-f", kExample, "--demand", demand, "-o", "json"});
  ASSERT_EQ(planned.exit, Exit::kOk) << planned.err;
  const auto item = nlohmann::json::parse(planned.out)["items"][0];
  EXPECT_EQ(item["action"], "ScaleUp");
  EXPECT_EQ(item["demand"]["viewers"]["value"], 30000);
  EXPECT_EQ(run({"plan", "-f", kExample, "--demand", demand, "--exit-code"}).exit, Exit::kDecided);
}

TEST(Plan, EveryProblemOfAFileHasItsPlace) {
  const auto path = written("pool.yaml",
                            "apiVersion: edgetide.io/v1alpha1\n"
                            "kind: EdgePool\n"
                            "metadata: {name: live, namespace: video}\n"
                            "spec:\n"
                            "  replicas: {min: 6, max: 3}\n"
                            "  mode: dryrun\n");
  const auto planned = run({"plan", "-f", path});
  EXPECT_EQ(planned.exit, Exit::kUsage);
  EXPECT_THAT(planned.err, HasSubstr(path + ":5:22:"));
  EXPECT_THAT(planned.err, HasSubstr("did you mean DryRun?"));
  EXPECT_THAT(planned.out, IsEmpty());
}

TEST(Plan, WhatIsMissingIsNamed) {
  EXPECT_THAT(run({"plan", "-f", "/nonexistent.yaml"}).err, HasSubstr("/nonexistent.yaml"));
  const std::string too_long(5'000, 'x');
  EXPECT_THAT(run({"plan", "-f", too_long}).err, HasSubstr(too_long));
  EXPECT_EQ(run({"plan", "video/other", "-f", kExample}).exit, Exit::kNotFound);
  EXPECT_THAT(run({"plan", "live-egde", "-f", kExample}).err,
              HasSubstr("EdgePool default/live-egde: no such pool; there is video/live-edge"));
  EXPECT_THAT(run({"plan", "video/other", "-f", kExample}).err,
              HasSubstr("EdgePool video/other: no such pool; there is video/live-edge"));
  const auto empty = testing::TempDir() + "nothing";
  std::filesystem::create_directories(empty);
  const auto nothing = run({"plan", "-f", empty});
  EXPECT_EQ(nothing.exit, Exit::kNotFound);
  EXPECT_THAT(nothing.err, HasSubstr(empty + ": no EdgePool"));
  EXPECT_EQ(run({"plan", "-f", kExample, "--at", "tonight"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"plan", "--demand", "x.csv"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"plan", "--kubeconfig", "/nonexistent"}).exit, Exit::kNotFound);
}

TEST(Plan, AClusterThatDoesNotAnswerIsUnreachable) {
  const auto kubeconfig = written("kubeconfig",
                                  "{apiVersion: v1, kind: Config, current-context: c,"
                                  " clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}],"
                                  " users: [{name: c, user: {}}],"
                                  " contexts: [{name: c, context: {cluster: c, user: c}}]}");
  const auto planned = run({"plan", "--kubeconfig", kubeconfig, "--timeout", "1s"});
  EXPECT_EQ(planned.exit, Exit::kUnreachable) << planned.err;
}

}  // namespace
}  // namespace edgetide::cli
