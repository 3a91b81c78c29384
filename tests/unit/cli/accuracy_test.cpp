#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/accuracy_output.h"
#include "edgetide/core/time.h"
#include "unit/cli/yaml_as_json.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

/// Days of a daily wave with some chance in it, every five minutes.
std::string days_of(int days) {
  std::string text = "timestamp,value\n";
  std::uint32_t chance = 1;
  for (int minute = 0; minute < days * 1440; minute += 5) {
    chance = chance * 1664525U + 1013904223U;
    const double noise = 1 + 0.1 * ((chance >> 8) / 16777216.0 - 0.5);
    const double wave = 3000 - 2000 * std::cos(2 * std::numbers::pi * minute / 1440);
    text += to_string(kStart + std::chrono::minutes{minute}) + "," +
            std::to_string(std::lround(wave * noise)) + "\n";
  }
  return text;
}

std::vector<std::string> accuracy(const std::vector<std::string>& more = {}) {
  std::vector<std::string> line{"accuracy", "--series", written("days.csv", days_of(16))};
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

TEST(Accuracy, SaysThatACalendarMissesTheRecording) {
  const std::string calendar = written("next_year.csv",
                                       "start,end,class,name\n"
                                       "2027-03-11T20:00:00Z,2027-03-11T22:00:00Z,final,Final\n");
  EXPECT_THAT(run(accuracy({"--horizons", "15m", "--calendar", calendar})).err,
              testing::HasSubstr("0 of 1 events of the calendar touch what is looked at, "
                                 "2026-03-02T00:00:00Z to "));
}

TEST(Accuracy, TellsEveryForecasterAtEveryHorizon) {
  const auto outcome = run(accuracy({"--horizons", "15m,1h", "--levels", "50,90", "-o", "json"}));
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.err, IsEmpty());
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["kind"], "AccuracyReport");
  EXPECT_EQ(json["from"], "2026-03-09T00:00:00Z");
  ASSERT_EQ(json["scores"].size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto& score = json["scores"][i];
    EXPECT_EQ(score["horizonSeconds"], i < 3 ? 900 : 3600);
    EXPECT_GT(score["windows"], 800);
    ASSERT_EQ(score["levels"].size(), 2U);
    EXPECT_NEAR(score["levels"][1]["coverageRatio"], 0.9, 0.07) << score;
  }
  EXPECT_EQ(json["scores"][1]["forecaster"], "seasonal");
  EXPECT_EQ(json["scores"][1]["maseSeasonal"], 1.0);
  EXPECT_EQ(json["scores"][2]["maseLast"], 1.0);
  EXPECT_LT(json["scores"][3]["maseLast"], 0.7) << "habit is worth something an hour ahead";
}

TEST(Accuracy, SpeaksCsvAndText) {
  EXPECT_THAT(
      run(accuracy({"-o", "csv", "--levels", "50,99.9"})).out,
      StartsWith("horizon_seconds,scope,forecaster,windows,mean_absolute_error,mase_seasonal,"
                 "mase_last,coverage_50,pinball_50,coverage_99.9,pinball_99.9\n"
                 "300,all,edgetide,"));
  const auto text = run(accuracy({"--every", "1h", "--levels", "50,90,99,99.9,99.99"})).out;
  EXPECT_THAT(text, HasSubstr("\n5m       all    seasonal "));
  for (const char* level : {"within 50 %", "within 99.99 %"}) EXPECT_THAT(text, HasSubstr(level));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST(Accuracy, SpeaksYaml) { expect_yaml_as_json(accuracy); }

AccuracyReport judged(std::int64_t windows, std::vector<double> coverage,
                      std::optional<double> against_last) {
  coverage.insert(coverage.begin(), 0.3);
  return {.levels = {0.5, 0.9, 0.99},
          .scores = {{.horizon = Seconds{300},
                      .windows = windows,
                      .against_seasonal = 0.9,
                      .against_last = against_last,
                      .coverage = std::move(coverage),
                      .pinball = {1, 1, 1}}}};
}

TEST(Accuracy, EndsWithAVerdict) {
  const auto verdict = [](const AccuracyReport& report) {
    const std::string text = print_accuracy(report, "text");
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
  };
  EXPECT_EQ(verdict(judged(900, {0.896, 0.994}, 1.0)),
            "5m       all    yes                       yes             no\n");
  EXPECT_EQ(verdict(judged(900, {0.893, 0.96}, 0.5)),
            "5m       all    no: 99 % kept 96.00 %, 1 more  yes             yes\n");
  EXPECT_EQ(verdict(judged(900, {0.91, 0.99}, std::nullopt)),
            "5m       all    no: 90 % kept 91.00 %     yes             -\n");
  EXPECT_THAT(verdict(judged(199, {0.1, 0.1}, 1.0)), HasSubstr("too few windows to tell"));
}

TEST(Accuracy, KeepsItsColumnsApartHoweverManyWatch) {
  auto report = judged(900, {0.9, 0.99}, 1.0);
  report.scores[0].pinball = {1e8, 1e12, 1e15};
  report.scores[0].mean_error = 1e15;
  const std::string text = print_accuracy(report, "text");
  EXPECT_THAT(text,
              HasSubstr("\n5m       all    edgetide        900  1,000,000,000,000,000.0       "));
  EXPECT_THAT(text, HasSubstr("     30.00 %  100,000,000      90.00 %  1,000,000,000,000\n"));
  EXPECT_THAT(text, HasSubstr("     99.00 %  1,000,000,000,000,000\n"));
}

TEST(Accuracy, OfAConstantHasNoNotANumber) {
  std::string text = "timestamp,value\n";
  for (int hour = 0; hour < 72 * 12; ++hour) {
    text += to_string(kStart + std::chrono::minutes{5 * hour}) + ",700\n";
  }
  auto line = accuracy({"-o", "csv", "--horizons", "5m"});
  line[2] = written("constant.csv", text);
  const auto outcome = run(line);
  EXPECT_THAT(outcome.out, HasSubstr("\n300,all,last,"));
  EXPECT_THAT(outcome.out, HasSubstr(",0.000,,,"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("nan")));
}

TEST(Accuracy, SaysWhenNothingCouldBeJudged) {
  auto line = accuracy({"-o", "csv", "--horizons", "5m,1h"});
  line[2] = written("one.csv", "timestamp,value\n2026-03-02T00:00:00Z,500\n");
  const auto outcome = run(line);
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.err, HasSubstr("no window of 5m, 1h could be judged"));
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1);
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 1);
  line[line.size() - 3] = "text";
  EXPECT_THAT(run(line).out, HasSubstr("\nNothing could be judged: "));
  EXPECT_THAT(run(line).out, Not(HasSubstr("horizon  ")));
}

TEST(Accuracy, SaysWhatIsWrong) {
  const std::vector<Slip> slips = {
      {{"--horizons", "5m,"}, "--horizons: '5m,' is not up to 20 whole minutes from 1m to 24h"},
      {{"--horizons", "90s"}, "'90s'"},
      {{"--horizons", "25h"}, "'25h'"},
      {{"--every", "90s"}, "--every: 1m30s is not in whole minutes"},
      {{"--levels", "0"}, "--levels: "},
      {{"--from", "2027-01-01T00:00:00Z"}, "nothing is recorded then"},
      {{"--time-zone", "Nowhere"}, "--time-zone: "},
  };
  expect_refused(slips, accuracy);
}

}  // namespace
}  // namespace edgetide::cli
