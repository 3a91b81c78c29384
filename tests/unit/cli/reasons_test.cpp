#include "report/reasons.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "edgetide/guard/guard.h"
#include "edgetide/model/edge_pool.h"
#include "simulation/fault.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string source(const std::string& path) {
  std::ifstream file(std::string(EDGETIDE_SOURCE_DIR) + "/" + path);
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// What a pattern's only group matches there.
std::set<std::string> found_in(const std::string& path, const std::string& pattern) {
  const std::string text = source(path);
  const std::regex wanted(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

TEST(Reasons, EveryOneThatTheProgramGivesIsExplained) {
  const auto reasons = found_in("include/edgetide/model/reasons.h", R"re(k\w+ =\s+"(\w+)")re");
  EXPECT_GT(reasons.size(), 40U);
  for (const std::string& reason : reasons)
    EXPECT_EQ(run({"reasons", reason}).exit, Exit::kOk) << reason;
}

TEST(Reasons, EveryConditionAndEventIsExplained) {
  for (const char* file : {"src/planning/conditions.cpp", "src/controller/states.cpp",
                           "src/controller/tiers.cpp", "src/kube/status_codec.cpp"}) {
    for (const auto& type :
         found_in(file, R"re((?:\{|type = )"([A-Z]\w+)",?\s*(?:model::Cond|Cond|\}|$))re"))
      EXPECT_EQ(run({"reasons", type}).exit, Exit::kOk) << file << ": " << type;
  }
  const auto events = found_in("src/kube/event_recorder.cpp", R"re(push_back\(\s*\{"(\w+)")re");
  EXPECT_GE(events.size(), 8U);
  for (const std::string& event : events)
    EXPECT_THAT(run({"reasons", event}).out, HasSubstr("Event " + event)) << event;
}

TEST(Reasons, EveryWordOfTablesIsExplained) {
  const auto expect_known = [](const std::set<std::string>& words, const std::string& where) {
    EXPECT_FALSE(words.empty()) << where;
    for (const std::string& word : words)
      EXPECT_THAT(run({"reasons", word}).out, HasSubstr(word + ", of " + where)) << word;
  };
  const auto cases_of = [](const char* path, const std::string& type) {
    return found_in(path, "case " + type + R"re(::k\w+: return "(\w+)")re");
  };
  const char* report = "src/model/plan_report.cpp";
  expect_known(cases_of(report, "SizingBasis"), "the basis of a size");
  expect_known(cases_of("src/model/scaling_plan.cpp", "Action"), "a decision");
  expect_known(cases_of("src/model/forecast.cpp", "ForecastStage"), "the stage of a forecast");
  expect_known(cases_of("src/model/forecast_accuracy.cpp", "Forecaster"), "who forecasts");
  expect_known(cases_of("src/model/observation.cpp", "Freshness"), "the freshness of demand");
  expect_known(found_in("src/guard/verify.cpp", R"re(found\("(\w+)")re"),
               "the verification of a plan");
  for (const char* path : {"src/simulation/invariants.cpp", "src/simulation/tier_invariants.cpp"})
    expect_known(found_in(path, R"re(broken\("(\w+)")re"), "the promises that simulate watches");
}

TEST(Reasons, EveryGuardModeAndFaultIsExplained) {
  const auto expect_known = [](const std::string& word, const char* where) {
    EXPECT_THAT(run({"reasons", word}).out, HasSubstr(word + ", of " + where)) << word;
  };
  auto guards = found_in("src/planning/demand_sizing.cpp", R"re(\.guard = "([^"]+)")re");
  EXPECT_EQ(guards.size(), 2U);
  for (const guard::Guard& one : guard::all_guards()) guards.insert(std::string(one.name));
  for (const std::string& word : guards) expect_known(word, "who limits a plan");
  for (const auto kind : simulation::kFaultKinds)
    expect_known(std::string(simulation::name_of(kind)), "the faults that simulate makes");
  for (const auto mode : {model::Mode::kDryRun, model::Mode::kEnforce})
    expect_known(std::string(model::to_string(mode)), "a pool's mode");
}

TEST(Reasons, AreFoundWithoutCapitals) {
  EXPECT_EQ(run({"reasons", "maximumreached"}).out, run({"reasons", "MaximumReached"}).out);
  EXPECT_EQ(run({"reasons", "Farther-Peak", "SOURCEGONE"}).exit, Exit::kOk);
}

TEST(Reasons, EveryAlertIsExplained) {
  const auto alerts = found_in("charts/edgetide/files/alerts.yaml", R"re(- alert: (\w+))re");
  EXPECT_GT(alerts.size(), 20U);
  for (const std::string& alert : alerts)
    EXPECT_THAT(run({"reasons", alert}).out, HasSubstr("-> docs/runbooks/" + alert + ".md"));
  EXPECT_THAT(run({"reasons", "EdgetideNoLeader"}).out,
              StartsWith("alert EdgetideNoLeader, critical\n  No replica of the operator acts.\n"));
}

TEST(Reasons, AreToldWithWhatHelps) {
  const auto one = run({"reasons", "MaximumReached"});
  EXPECT_THAT(one.out, StartsWith("MaximumReached\n  spec.replicas.max is reached\n"
                                  "  -> raise spec.replicas.max before"));
  EXPECT_THAT(one.out, Not(HasSubstr("RateLimited")));
  EXPECT_THAT(run({"reasons", "RedundancyMet"}).out,
              HasSubstr("condition RedundancyMet False, ReserveMissing\n"));
  const auto json = nlohmann::json::parse(run({"reasons", "-o", "json"}).out);
  EXPECT_EQ(json["kind"], "ReasonList");
  EXPECT_GE(json["conditions"].size(), 40U);
  EXPECT_EQ(report::remedy("WithinDeadBand"), "");
  EXPECT_THAT(run({"reasons", "MaximumReach"}).err, HasSubstr("did you mean MaximumReached?"));
  EXPECT_EQ(run({"reasons", "Nonsense"}).exit, Exit::kNotFound);
}

}  // namespace
}  // namespace edgetide::cli
