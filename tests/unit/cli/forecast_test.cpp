#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "edgetide/core/time.h"
#include "unit/cli/yaml_as_json.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
constexpr const char* kAt = "2026-03-11T19:30:00Z";
constexpr int kMinuteOfAt = 9 * 1440 + 19 * 60 + 30;

/// Ten days with a daily wave, by minutes; from minute `noise_from` on something else altogether.
std::string ten_days(int noise_from = 10 * 1440) {
  std::string text = "timestamp,value\n";
  for (int minute = 0; minute < 10 * 1440; ++minute) {
    const double wave = 3000 - 2000 * std::cos(2 * std::numbers::pi * minute / 1440);
    const double noise = std::fmod(minute * 7919.0, 40'000);
    text += to_string(kStart + std::chrono::minutes{minute}) + "," +
            std::to_string(std::lround(minute < noise_from ? wave : noise)) + "\n";
  }
  return text;
}

std::vector<std::string> forecast(const std::vector<std::string>& more = {}) {
  std::vector<std::string> line{"forecast", "--series", written("ten_days.csv", ten_days())};
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

/// The numbers of a CSV line after its timestamp.
std::vector<double> numbers_of(const std::string& line) {
  std::istringstream cells(line);
  std::string cell;
  std::getline(cells, cell, ',');
  std::vector<double> numbers;
  while (std::getline(cells, cell, ',')) numbers.push_back(std::stod(cell));
  return numbers;
}

TEST(Forecast, PrintsMeanAndRisingQuantilesUpToTheHorizon) {
  const auto outcome = run(forecast({"--at", kAt, "--horizon", "2h", "--levels", "50,90,99"}));
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.out, StartsWith("timestamp,mean,q50,q90,q99\n2026-03-11T19:31:00Z,"));
  EXPECT_THAT(outcome.out, HasSubstr("\n2026-03-11T21:30:00Z,"));
  std::istringstream lines(outcome.out);
  std::string line;
  std::getline(lines, line);
  int count = 0;
  while (std::getline(lines, line)) {
    const auto numbers = numbers_of(line);
    ASSERT_EQ(numbers.size(), 4U);
    EXPECT_GE(numbers[0], numbers[1]) << line;
    EXPECT_LE(numbers[1], numbers[2]) << line;
    EXPECT_LE(numbers[2], numbers[3]) << line;
    ++count;
    const double wave = 3000 - 2000 * std::cos(2 * std::numbers::pi * (kMinuteOfAt + count) / 1440);
    EXPECT_NEAR(numbers[1], wave, 0.1 * wave) << line;
  }
  EXPECT_EQ(count, 120);
}

/// A level is a key, and no number.
TEST(Forecast, SpeaksYaml) {
  expect_yaml_as_json(forecast);
  EXPECT_THAT(run(forecast({"-o", "yaml"})).out, HasSubstr("\n      \"50\": "));
}

TEST(Forecast, KnowsNothingOfWhatComesAfter) {
  auto noisy = forecast({"--at", kAt, "-o", "json"});
  const auto quiet = run(noisy);
  noisy[2] = written("noise.csv", ten_days(kMinuteOfAt));
  EXPECT_EQ(run(noisy).out, quiet.out);
  noisy[2] = written("noise.csv", ten_days(kMinuteOfAt - 1));
  EXPECT_NE(run(noisy).out, quiet.out);
}

TEST(Forecast, CountsOnWhatIsAnnounced) {
  const std::string calendar =
      written("final.csv",
              "start,end,class,name,expected_peak_viewers\n"
              "2026-03-11T20:00:00Z,2026-03-11T22:00:00Z,final,Final,90000\n");
  const auto json =
      nlohmann::json::parse(run(forecast({"--at", kAt, "-o", "json", "--calendar", calendar})).out);
  EXPECT_EQ(json["kind"], "Forecast");
  EXPECT_EQ(json["stage"], "Daily");
  EXPECT_EQ(json["peak"]["event"], "Final");
  EXPECT_GT(json["points"].back()["quantiles"]["50"], 30'000);
}

TEST(Forecast, TellsAHighestDemandThatNoLineExceeds) {
  const std::string calendar =
      written("highest.csv",
              "start,end,class,name,expected_peak_viewers\n"
              "2026-03-11T20:00:00Z,2026-03-11T22:00:00Z,final,Final,90000\n");
  for (const char* at : {"2026-03-11T03:00:00Z", "2026-03-11T18:30:00Z", "2026-03-11T19:45:00Z",
                         "2026-03-11T20:30:00Z", "2026-03-11T21:50:00Z"}) {
    for (const char* horizon : {"10m", "1h", "4h"}) {
      const auto json =
          nlohmann::json::parse(run(forecast({"--at", at, "--horizon", horizon, "--levels",
                                              "50,99.5", "-o", "json", "--calendar", calendar}))
                                    .out);
      double median = 0;
      for (const auto& point : json["points"]) {
        median = std::max(median, point["quantiles"]["50"].get<double>());
        EXPECT_GE(json["peak"]["quantile"], point["quantiles"]["99.5"]) << at << ' ' << horizon;
      }
      EXPECT_GE(json["peak"]["median"], median) << at << ' ' << horizon;
      EXPECT_LE(json["peak"]["median"], json["peak"]["quantile"]) << at << ' ' << horizon;
    }
  }
}

TEST(Forecast, SaysThatACalendarMissesWhatIsLookedAt) {
  const std::string calendar = written("next_year.csv",
                                       "start,end,class,name\n"
                                       "2027-03-11T20:00:00Z,2027-03-11T22:00:00Z,final,Final\n");
  EXPECT_THAT(run(forecast({"--at", kAt, "--calendar", calendar})).err,
              HasSubstr("0 of 1 events of the calendar touch what is looked at, "
                        "2026-03-02T00:00:00Z to 2026-03-11T21:30:00Z\n"));
}

TEST(Forecast, BeginsAtTheEndOfTheSeriesAndStepsAsItDoes) {
  const auto outcome = run(forecast({"--horizon", "1h", "--step", "15m", "-o", "text"}));
  EXPECT_THAT(outcome.out, StartsWith("At 2026-03-11T23:59:30Z, by samples until "
                                      "2026-03-11T23:59:00Z (stage Daily)\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\n2026-03-12T00:59:00Z"));
  const auto late = run(forecast({"--horizon", "5m", "--delay", "150s"}));
  EXPECT_THAT(late.out, HasSubstr("\n2026-03-12T00:02:00Z"));
  EXPECT_THAT(late.out, Not(HasSubstr("\n2026-03-12T00:01:00Z")));
}

TEST(Forecast, GoesToTheHorizonAlsoWhereItsStepsBeginBeforeThatMoment) {
  const auto late =
      run(forecast({"--horizon", "90m", "--step", "1h", "--delay", "59m", "-o", "csv"}));
  EXPECT_THAT(late.out, HasSubstr("\n2026-03-12T01:59:00Z,"));
  EXPECT_THAT(late.out, Not(HasSubstr("\n2026-03-12T02:59:00Z,")));
}

TEST(Forecast, OfAWrongCalendarNamesTheFirstThreeProblemsAndCountsTheRest) {
  std::string text = "start,end,class,name\n";
  for (int i = 0; i < 30; ++i) text += "noon,night,a,b\n";
  const auto calendar = written("forecast_wrong.csv", text);
  const auto outcome = run(forecast({"--calendar", calendar}));
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(calendar + ":3:1: "));
  EXPECT_THAT(outcome.err, Not(HasSubstr(calendar + ":4:1: ")));
  EXPECT_THAT(outcome.err,
              HasSubstr("\nand 57 more; 'edgetide events validate FILE' names more of it"));
}

TEST(Forecast, SaysWhatIsWrong) {
  const std::vector<Slip> slips = {
      {{"--at", "soon"}, "--at: 'soon' is not a time"},
      {{"--at", "2026-03-01T00:00:00Z"}, "the series begins at 2026-03-02T00:00:00Z"},
      {{"--at", "2026-04-01T00:00:00Z"}, "the last sample until then is of 2026-03-11T23:59:00Z"},
      {{"--levels", "90,50"}, "--levels: '90,50' is not up to 20 rising percents"},
      {{"--levels", "10"}, "from 50 to 99.999"},
      {{"--levels", "50,"}, "'50,'"},
      {{"--levels", "nan"}, "'nan'"},
      {{"--horizon", "10m", "--step", "15m"}, "10m is shorter than a step of 15m"},
      {{"--horizon", "8000h"}, "is not a duration from 1m to 168h"},
      {{"--time-zone", "Europe/Berlim"}, "--time-zone: "},
      {{"--calendar", "calendar.txt"}, "ends in .csv"},
  };
  expect_refused(slips, forecast);
  EXPECT_THAT(run({"forecast"}).err, HasSubstr("--series: required"));
}

TEST(Forecast, SaysWhatIsWrongWithAServer) {
  const std::vector<Slip> slips = {
      {{}, "--query: required"},
      {{"--query", "up", "--series", "x.csv"}, "no place beside --series"},
      {{"--query", "up"}, "history from MetricSource http://127.0.0.1:1: ", Exit::kUnreachable},
      {{"--query", "up", "--prometheus-ca", "absent.pem"}, "absent.pem", Exit::kNotFound},
      {{"--query", "up", "--query-step", "15s", "--history", "17568h"}, "choose a longer step"},
      {{"--query", "up", "--query-step", "1s"}, "is not a duration from 15s to 1h"},
  };
  expect_refused(slips, [](const CommandLine& options) {
    CommandLine line{"forecast", "--prometheus", "http://127.0.0.1:1"};
    line.insert(line.end(), options.begin(), options.end());
    return line;
  });
}

TEST(Forecast, OfOneSampleIsAFirstNumber) {
  auto line = forecast();
  line[2] = written("one.csv", "timestamp,value\n2026-03-02T00:00:00Z,500\n");
  const auto outcome = run(line);
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.err, HasSubstr("first numbers"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace edgetide::cli
