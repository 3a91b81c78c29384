#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/scenario_file.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kScenarios = EDGETIDE_SOURCE_DIR "/examples/scenarios/";

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

TEST(ScenarioRecording, LivesThroughARecordedAudience) {
  const std::string trace = written("days.csv", recorded_days());
  const auto path = night_of_a_record("trace: " + trace, "\"2026-05-12T19:00:00Z\"");
  const auto outcome = run({"simulate", path});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("at most 30,000 viewers at 20:59"));
  EXPECT_THAT(outcome.out, HasSubstr("unserved             0 viewer-minutes"));
}

TEST(ScenarioRecording, WantsARecordOfTheWholeNightAndNothingBeside) {
  const std::string trace = written("days.csv", recorded_days());
  const auto after =
      run({"simulate", night_of_a_record("trace: " + trace, "\"2026-05-14T22:00:00Z\"")});
  EXPECT_EQ(after.exit, Exit::kUsage);
  EXPECT_THAT(after.err, HasSubstr("recorded.yaml:8:14: spec.audience.trace: the night goes from"));
  EXPECT_THAT(after.err, HasSubstr("days.csv from 2026-05-01T00:00:00Z to 2026-05-15T00:00:00Z"));
  const auto both = run({"simulate", night_of_a_record("primeTimeViewers: 1k, trace: " + trace,
                                                       "\"2026-05-12T19:00:00Z\"")});
  EXPECT_EQ(both.exit, Exit::kUsage);
  EXPECT_THAT(both.err, HasSubstr("spec.audience.primeTimeViewers: has no place beside a trace"));
}

/// Without what lies between two minutes of 2026-05-12.
std::string days_without(const std::string& after, const std::string& before) {
  const std::string day = "\n2026-05-12T";
  std::string text = recorded_days();
  const auto begins = text.find('\n', text.find(day + after) + 1);
  text.erase(begins, text.find(day + before) - begins);
  return written("gap.csv", text);
}

TEST(ScenarioRecording, TellsWhatOfTheNightWasNotRecorded) {
  const auto night = night_of_a_record("trace: " + days_without("19:40:00Z", "21:40:00Z"),
                                       "\"2026-05-12T19:00:00Z\"");
  const auto outcome = run({"simulate", night});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("  19:40  not recorded until 21:40: a straight line is"));
  const auto told = nlohmann::json::parse(run({"simulate", night, "-o", "json"}).out)["runs"][0];
  EXPECT_EQ(
      told["notRecorded"],
      nlohmann::json::array({{{"from", "2026-05-12T19:40:00Z"}, {"to", "2026-05-12T21:40:00Z"}}}));
  const auto brief = night_of_a_record("trace: " + days_without("19:40:00Z", "19:45:00Z"),
                                       "\"2026-05-12T19:00:00Z\"");
  EXPECT_THAT(run({"simulate", brief}).out, Not(HasSubstr("not recorded")));
}

TEST(ScenarioRecording, WantsARecordOfHalfTheNight) {
  const auto refused = [](const std::string& after, const std::string& before) {
    const auto outcome = run({"simulate", night_of_a_record("trace: " + days_without(after, before),
                                                            "\"2026-05-12T19:00:00Z\"")});
    EXPECT_EQ(outcome.exit, Exit::kUsage) << outcome.out;
    return outcome.err;
  };
  EXPECT_THAT(refused("18:00:00Z", "23:30:00Z"), HasSubstr("gap.csv has nothing of it"));
  const std::string most = refused("19:30:00Z", "21:31:00Z");
  EXPECT_THAT(most, HasSubstr("recorded.yaml:8:14: spec.audience.trace: "));
  EXPECT_THAT(most, HasSubstr("gap.csv has 2026-05-12T19:00:00Z to 2026-05-12T19:30:00Z, "
                              "2026-05-12T21:31:00Z to 2026-05-12T23:00:00Z alone of it"));
}

}  // namespace
}  // namespace edgetide::cli
