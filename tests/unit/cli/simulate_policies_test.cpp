#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "cli/simulate_output.h"
#include "simulation/fault.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

const std::string kScenarios = EDGETIDE_SOURCE_DIR "/examples/scenarios/";

TEST(Simulate, TakesThePoliciesOfBacktest) {
  const auto outcome = run({"simulate", kScenarios + "unannounced.yaml", "--policy",
                            "edgetide:confidence=90,surge:factor=2", "--policy", "hpa60"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  for (const char* part : {"\nPOLICY                  UNSERVED", "\nEdgetide:confidence=90\n",
                           "\nsurge:factor=2\n", "\nHPA at 60 %\n"})
    EXPECT_THAT(outcome.out, HasSubstr(part));
  EXPECT_THAT(outcome.out, Not(HasSubstr(" 0 that")));
}

TEST(Simulate, SaysOfWhichRunsNothingIsPromised) {
  const std::vector<std::string> both{"simulate", kScenarios + "unannounced.yaml", "--seeds", "2",
                                      "--policy"};
  const auto under = [&](const std::string& policies) {
    auto words = both;
    words.push_back(policies);
    return run(words).out;
  };
  EXPECT_THAT(
      under("edgetide,hpa60"),
      HasSubstr("\n4 runs, 0 with a broken promise; of other policies nothing is promised\n"));
  EXPECT_THAT(under("edgetide"), HasSubstr("\n2 runs, 0 with a broken promise\n"));
}

TEST(Simulate, NamesRowsThatDifferByTheirConfidenceAlone) {
  const auto outcome = run({"simulate", kScenarios + "unannounced.yaml", "--policy",
                            " edgetide , edgetide:confidence=90,edgetide:confidence=99"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  for (const char* row :
       {"\nEdgetide  ", "\nEdgetide:confidence=90  ", "\nEdgetide:confidence=99  "})
    EXPECT_THAT(outcome.out, HasSubstr(row));
}

/// What was decided, whoever was asked.
nlohmann::json figures(std::vector<std::string> more) {
  std::vector<std::string> words{"simulate", kScenarios + "unannounced.yaml", "-o", "json"};
  words.insert(words.end(), more.begin(), more.end());
  auto figures = nlohmann::json::parse(run(words).out).at("runs")[0];
  figures.erase("policy");
  return figures;
}

TEST(Simulate, IsAsSureAfterALossAsOfTheWholeAtMost) {
  const auto both = [](const std::string& whole, const std::string& after_loss) {
    return figures({"--set", "spec.forecast.confidencePercent=" + whole, "--set",
                    "spec.redundancy.confidencePercent=" + after_loss});
  };
  const std::vector<std::string> knob{"--policy", "edgetide:confidence=90"};
  EXPECT_EQ(figures(knob), both("90", "90")) << "the file asks for 99.5 after a loss";
  EXPECT_EQ(figures({"--policy", "edgetide:confidence=90", "--set",
                     "spec.redundancy.confidencePercent=70"}),
            both("90", "70"));
  EXPECT_NE(both("90", "70"), both("90", "90"));
}

TEST(Simulate, TellsOfThePoliciesAsBacktestDoes) {
  const auto listed = run({"simulate", "--policy", "list"});
  EXPECT_EQ(listed.exit, Exit::kOk);
  EXPECT_EQ(listed.out, run({"backtest", "--policy", "list"}).out);
  EXPECT_THAT(listed.out, HasSubstr("\nhpa60: "));
  const auto json = run({"simulate", "--policy", "list", "-o", "json"}).out;
  EXPECT_EQ(json, run({"backtest", "--policy", "list", "-o", "json"}).out);
  const auto list = nlohmann::json::parse(json);
  EXPECT_EQ(list["kind"], "PolicyList");
  EXPECT_EQ(list["items"][0]["name"], "edgetide");
}

/// Nodes drained and a zone lost, in that failure domain.
NightRun struck_in(const std::string& domain, simulation::Runner runner) {
  simulation::Scenario night = simulation::sport_evening({.zone_loss = false});
  night.to = night.from + std::chrono::minutes{5};
  auto recording = simulation::run(night, runner);
  night.faults = {{.kind = simulation::FaultKind::kNodesDrained, .from = night.from, .by = .5}};
  recording.struck = {{0, domain}};
  recording.marks = {{.at = night.from, .text = "kick-off"},
                     {.at = night.from, .text = domain + " lost", .anywhere = "a zone lost"},
                     {.at = night.from, .text = "7 replicas of " + domain + " evicted"}};
  return {night, std::move(runner), std::move(recording)};
}

TEST(Simulate, TellsAboveSeveralPoliciesWhatIsSoOfAll) {
  const NightRun one = struck_in("zone-a", simulation::PolicyKind::kEdgetide);
  const NightRun other = struck_in("zone-b", simulation::PolicyKind::kHpa60);
  const std::string text = night_text({one, other});
  const std::string above = text.substr(0, text.find("POLICY"));
  for (const char* part : {"  NodesDrained 50 % for 10m\n", "  kick-off\n", "  a zone lost\n"})
    EXPECT_THAT(above, HasSubstr(part));
  EXPECT_THAT(above, Not(HasSubstr("zone-")));
  const std::string of_other = text.substr(text.find(simulation::to_string(other.runner) + "\n"));
  for (const char* part : {"  NodesDrained 50 % in zone-b for 10m\n", "  zone-b lost\n",
                           "  7 replicas of zone-b evicted\n"})
    EXPECT_THAT(of_other, HasSubstr(part));
  EXPECT_THAT(of_other, Not(HasSubstr("kick-off")));
  std::set<std::string> marks;
  for (const auto& chart : night_page({one, other}, FartherLog(one.scenario)).charts)
    if (chart.title == "Viewers without a server")
      for (const auto& mark : chart.marks) marks.insert(mark.text);
  EXPECT_EQ(marks, (std::set<std::string>{"NodesDrained 50 % for 10m", "kick-off", "a zone lost"}));
  const std::string alike = night_text({one, one});
  EXPECT_THAT(alike.substr(0, alike.find("POLICY")), HasSubstr("50 % in zone-a for 10m\n"));
  EXPECT_THAT(alike, Not(HasSubstr("  there  ")));
}

}  // namespace
}  // namespace edgetide::cli
