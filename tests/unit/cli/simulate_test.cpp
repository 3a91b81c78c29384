#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

const std::string kScenarios = EDGETIDE_SOURCE_DIR "/examples/scenarios/";

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// EDGETIDE_UPDATE_GOLDEN=1 writes the files anew.
class Scenarios : public testing::TestWithParam<std::string> {};

TEST_P(Scenarios, GoAsToldAndKeepEveryPromise) {
  const auto outcome = run({"simulate", kScenarios + GetParam() + ".yaml"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  const std::string golden = EDGETIDE_SOURCE_DIR "/tests/golden/scenarios/" + GetParam() + ".txt";
  if (std::getenv("EDGETIDE_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << outcome.out;
  EXPECT_EQ(file_text(golden), outcome.out) << golden;
  EXPECT_LE(std::ranges::count(outcome.out, '\n'), 60);
}

std::vector<std::string> all_scenarios() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kScenarios)) {
    const auto stem = entry.path().stem().string();
    if (entry.path().extension() == ".yaml" && stem != "pool") names.push_back(stem);
  }
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Examples, Scenarios, testing::ValuesIn(all_scenarios()),
                         [](const auto& name) {
                           std::string text = name.param;
                           std::ranges::replace(text, '-', '_');
                           return text;
                         });

TEST(Simulate, TellsEverythingAsJson) {
  const auto outcome = run({"simulate", kScenarios + "cup-final.yaml", "--policy", "edgetide",
                            "--policy", "hpa60", "-o", "json"});
  EXPECT_EQ(outcome.exit, Exit::kOk);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("kind"), "Simulation");
  ASSERT_EQ(json.at("runs").size(), 2u);
  const auto& [edgetide, hpa] = std::pair{json.at("runs")[0], json.at("runs")[1]};
  EXPECT_TRUE(edgetide.at("breaches").empty());
  EXPECT_LT(edgetide.at("unserved").at("share"), hpa.at("unserved").at("share"));
}

TEST(Simulate, TellsOfManySeedsInALineEach) {
  const auto outcome =
      run({"simulate", kScenarios + "unannounced.yaml", "--seeds", "3", "--seed", "7"});
  EXPECT_EQ(outcome.exit, Exit::kOk);
  for (const char* line : {"seed      7", "seed      8", "seed      9", "3 runs, 0 with"})
    EXPECT_THAT(outcome.out, HasSubstr(line));
}

TEST(Simulate, NamesEveryMistakeWithItsPlace) {
  const std::string path = written("night.yaml", R"(apiVersion: edgetide.io/v1alpha1
kind: Scenario
spec:
  title: A night
  start: tomorrow
  durationMinutes: 0
  pool: pool.yaml
  audience: {primeTimeViewers: -3}
  faults:
  - {kind: Earthquake, start: "2026-05-13T20:00:00Z", durationMinutes: 5}
  weather: fine
)");
  const auto outcome = run({"simulate", path});
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  for (const char* problem :
       {"night.yaml:5:3: spec.start", "night.yaml:6:3: spec.durationMinutes: 0",
        "night.yaml:8:14: spec.audience.primeTimeViewers",
        "night.yaml:10:6: spec.faults[0].kind: 'Earthquake' is none of SamplesFrozen",
        "spec.weather"}) {
    EXPECT_THAT(outcome.err, HasSubstr(problem));
  }
}

TEST(Simulate, SaysWhatIsMissing) {
  EXPECT_EQ(run({"simulate"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"simulate", "nowhere.yaml"}).exit, Exit::kNotFound);
  const auto policy = run({"simulate", kScenarios + "cup-final.yaml", "--policy", "luck"});
  EXPECT_EQ(policy.exit, Exit::kUsage);
  EXPECT_THAT(policy.err, HasSubstr("'luck' is neither edgetide nor hpa60"));
}

}  // namespace
}  // namespace edgetide::cli
