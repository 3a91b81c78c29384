#include <gmock/gmock.h>

#include <cmath>
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

TEST(Simulate, TakesThePoliciesOfBacktest) {
  const auto outcome = run({"simulate", kScenarios + "unannounced.yaml", "--policy",
                            "edgetide:confidence=90,surge:factor=2", "--policy", "hpa60"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  for (const char* name : {"\nEdgetide\n", "\nsurge:factor=2\n", "\nHPA at 60 %\n"})
    EXPECT_THAT(outcome.out, HasSubstr(name));
}

/// A recorded audience, a minute a sample: a day's wave up to 30,000 at 21:00.
std::string recorded_days() {
  std::string text = "timestamp,value\n";
  const Instant first = *parse_instant("2026-05-01T00:00:00Z");
  for (int minute = 0; minute <= 14 * 1440; ++minute) {
    const double hours = minute % 1440 / 60. - 21;
    const double viewers = 20'000 + 10'000 * std::cos(hours * 3.14159265 / 12);
    text += to_string(first + std::chrono::minutes{minute}) + "," +
            std::to_string(static_cast<int>(viewers)) + "\n";
  }
  return text;
}

std::string night_of_a_record(const std::string& audience, const std::string& start) {
  return written("recorded.yaml",
                 "apiVersion: edgetide.io/v1alpha1\nkind: Scenario\nspec:\n"
                 "  title: A recorded evening\n  start: " +
                     start + "\n  durationMinutes: 240\n  pool: " + kScenarios +
                     "pool.yaml\n  audience: {" + audience + "}\n");
}

TEST(Simulate, LivesThroughARecordedAudience) {
  const std::string trace = written("days.csv", recorded_days());
  const auto path = night_of_a_record("trace: " + trace, "\"2026-05-12T19:00:00Z\"");
  const auto outcome = run({"simulate", path});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("at most 30,000 viewers at 20:59"));
  EXPECT_THAT(outcome.out, HasSubstr("unserved             0 viewer-minutes"));
}

TEST(Simulate, DrawsTheNightOnAPage) {
  const std::string page = testing::TempDir() + "night.html";
  const auto outcome = run({"simulate", kScenarios + "cup-final.yaml", "--policy",
                            "edgetide,clairvoyant", "--report", page});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  for (const char* part : {"redundancy floor", "clairvoyant: viewers and what replicas carry",
                           "promises broken", " lost"})
    EXPECT_THAT(file_text(page), HasSubstr(part));
  EXPECT_EQ(
      run({"simulate", kScenarios + "cup-final.yaml", "--report", "/nowhere/night.html"}).exit,
      Exit::kFailed);
  EXPECT_EQ(run({"simulate", kScenarios + "cup-final.yaml", "--report", page, "--seeds", "2"}).exit,
            Exit::kUsage);
}

TEST(Simulate, WantsARecordOfTheWholeNightAndNothingBeside) {
  const std::string trace = written("days.csv", recorded_days());
  const auto after =
      run({"simulate", night_of_a_record("trace: " + trace, "\"2026-05-14T22:00:00Z\"")});
  EXPECT_EQ(after.exit, Exit::kUsage);
  EXPECT_THAT(after.err, HasSubstr("and the record from 2026-05-01T00:00:00Z to"));
  const auto both = run({"simulate", night_of_a_record("primeTimeViewers: 1k, trace: " + trace,
                                                       "\"2026-05-12T19:00:00Z\"")});
  EXPECT_EQ(both.exit, Exit::kUsage);
  EXPECT_THAT(both.err, HasSubstr("spec.audience.primeTimeViewers: has no place beside a trace"));
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
  EXPECT_THAT(policy.err, HasSubstr("'luck' is not one of edgetide, forecast, hpa"));
}

}  // namespace
}  // namespace edgetide::cli
