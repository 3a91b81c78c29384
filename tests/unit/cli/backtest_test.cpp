#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numbers>

#include "edgetide/core/time.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

/// Three days of a smooth audience, in whole viewers, with a show each evening.
std::string three_days(int from_day, int to_day) {
  std::string text = "timestamp,value\n";
  for (int minute = from_day * 1440; minute < to_day * 1440; ++minute) {
    const double hour = std::fmod(minute / 60.0, 24);
    const double show = hour >= 19.5 && hour < 22 ? 4000 * (hour - 19.5) : 0;
    const double viewers = 3000 - 2000 * std::cos(2 * std::numbers::pi * hour / 24) + show;
    text += to_string(kStart + std::chrono::minutes{minute}) + "," +
            std::to_string(std::lround(viewers)) + "\n";
  }
  return text;
}

constexpr const char* kPool =
    "failureDomains: [{name: a}, {name: b}, {name: c}]\n"
    "capacity: {viewers: 100, targetUtilizationPercent: 100}\n"
    "redundancy: {survive: None}\n"
    "replicas: {max: 1000}\n";

constexpr const char* kCalendar =
    "start,end,class,name\n"
    "2026-03-02T20:00:00Z,2026-03-02T22:00:00Z,show,Show\n"
    "2026-03-03T20:00:00Z,2026-03-03T22:00:00Z,show,Show\n"
    "2026-03-04T20:00:00Z,2026-03-04T22:00:00Z,show,Show\n";

/// The command with the three files, and more options.
std::vector<std::string> backtest(const std::vector<std::string>& more = {}) {
  std::vector<std::string> line{"backtest",
                                "--series",
                                written("series.csv", three_days(0, 3)),
                                "--calendar",
                                written("calendar.csv", kCalendar),
                                "--pool",
                                written("pool.yaml", kPool)};
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Backtest, PrintsWhatEachPolicyLeftShortAndCost) {
  const auto outcome = run(backtest({"--from", "2026-03-03T00:00:00Z", "--policy",
                                     "edgetide,hpa:target=0.6,reaction,clairvoyant"}));
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.err, IsEmpty());
  const std::string golden = std::string(EDGETIDE_SOURCE_DIR) + "/tests/golden/backtest.txt";
  if (std::getenv("EDGETIDE_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << outcome.out;
  // Edgetide's own figures move with the forecast; everything else is arithmetic.
  const auto without_edgetide = [](const std::string& text) {
    std::istringstream lines(text);
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
      kept += (line.starts_with("edgetide") ? "edgetide" : line) + "\n";
    }
    return kept;
  };
  EXPECT_EQ(without_edgetide(contents(golden)), without_edgetide(outcome.out));
}

TEST(Backtest, WritesDecisionsAndAPage) {
  const std::string decisions = testing::TempDir() + "decisions.csv";
  const std::string page = testing::TempDir() + "backtest.html";
  const auto outcome = run(backtest({"--decisions", decisions, "--report", page, "--policy",
                                     "edgetide,hpa", "--from", "2026-03-04T00:00:00Z"}));
  ASSERT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  const std::string csv = contents(decisions);
  EXPECT_THAT(csv, StartsWith("timestamp,desired,"));
  EXPECT_THAT(csv, HasSubstr("\n2026-03-04T00:00:00Z,"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1441);
  const std::string html = contents(page);
  EXPECT_THAT(html, StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(html, HasSubstr("\"title\":\"hpa: viewers and what replicas carry\""));
}

TEST(Backtest, APageOfNinePoliciesAndFourWeeksFitsTwoMegabytes) {
  const std::string page = testing::TempDir() + "four_weeks.html";
  auto line = backtest({"--report", page, "--policy",
                        "edgetide,forecast,hpa,hpa:target=0.8,kpa,reaction,lastweek,surge,"
                        "clairvoyant"});
  line[2] = written("four_weeks.csv", three_days(0, 28));
  ASSERT_EQ(run(line).exit, Exit::kOk);
  const std::string html = contents(page);
  EXPECT_LT(html.size(), 2U << 20);
  for (const char* policy : {"edgetide", "hpa:target=0.8", "clairvoyant"}) {
    EXPECT_THAT(html, HasSubstr("\"title\":\"" + std::string(policy) + ": viewers"));
  }
}

TEST(Backtest, JoinsSeriesAndCalendarsInWhateverOrder) {
  const auto whole = run(backtest({"-o", "csv"}));
  auto parts = backtest({"-o", "csv", "--series", written("late.csv", three_days(2, 3)),
                         "--calendar", written("again.csv", kCalendar)});
  parts[2] = written("early.csv", three_days(0, 2));
  EXPECT_EQ(run(parts).out, whole.out);
}

TEST(Backtest, SpeaksJsonAndCsv) {
  const auto json = nlohmann::json::parse(
      run(backtest({"-o", "json", "--curve", "--policy", "hpa,clairvoyant"})).out);
  EXPECT_EQ(json["kind"], "BacktestReport");
  EXPECT_EQ(json["policies"].size(), 2U);
  EXPECT_GT(json["policies"][0]["costAgainstClairvoyant"], 1.0);
  EXPECT_EQ(json["policies"][1]["shortfallRatio"], 0.0);
  EXPECT_GT(json["curves"][0]["points"].size(), 10U);
  EXPECT_EQ(json["curves"][0]["costAtShortfall"].size(), 3U);
  const auto csv = run(backtest({"-o", "csv", "--policy", "hpa:target=0.5"})).out;
  EXPECT_THAT(csv, StartsWith("policy,shortfall,short_minutes,replica_minutes,"));
  EXPECT_THAT(csv, HasSubstr("\nhpa:target=0.5,"));
}

TEST(Backtest, MoreConfidenceCostsMoreAndIsSetLikeTheFile) {
  const auto cost = [](const char* percent) {
    const auto out = run(backtest(
        {"-o", "json", "--set", std::string("spec.forecast.confidencePercent=") + percent}));
    return nlohmann::json::parse(out.out)["policies"][0]["costAgainstClairvoyant"].get<double>();
  };
  EXPECT_LT(cost("90"), cost("99.9"));
}

TEST(Backtest, AShorterLeadIsCheaperForTheClairvoyant) {
  const auto cost = [](const char* lead) {
    const auto out = run(backtest({"-o", "json", "--policy", "clairvoyant", "--lead", lead}));
    return nlohmann::json::parse(out.out)["policies"][0]["costAgainstClairvoyant"].get<double>();
  };
  EXPECT_LT(cost("60s"), cost("30m"));
}

struct Slip {
  std::vector<std::string> options;
  Exit exit;
  std::string says;
};

TEST(Backtest, SaysWhatIsWrong) {
  const Slip slips[] = {
      {{"--set", "spec.forecast.confidencePercent=200"}, Exit::kUsage, "50 to 99.999"},
      {{"--set", "spec.replica.max=3"}, Exit::kUsage, "did you mean replicas?"},
      {{"--policy", "hpaa"}, Exit::kUsage, "--policy: policy 'hpaa' is not one of"},
      {{"--from", "yesterday"}, Exit::kUsage, "--from: 'yesterday' is not a time"},
      {{"--from", "2027-01-01T00:00:00Z"}, Exit::kUsage, "nothing is recorded then"},
      {{"--from", "2026-03-03T00:00:00Z", "--to", "2026-03-03T00:00:00Z"},
       Exit::kUsage,
       "is not after --from"},
      {{"--lead", "3h"}, Exit::kUsage, "is not a duration from 1s to 2h"},
      {{"--series", "absent.csv"}, Exit::kNotFound, "absent.csv"},
      {{"--calendar", "absent.csv"}, Exit::kNotFound, "absent.csv"},
      {{"--series", written("empty.csv", "timestamp,value\n2026-03-01T00:00:00Z,-1\n")},
       Exit::kUsage,
       "empty.csv:2:22: value: \"-1\" is not a number from 0"},
      {{"--decisions", "/absent/out.csv"}, Exit::kFailed, "/absent/out.csv: cannot be written"},
  };
  for (const Slip& slip : slips) {
    const auto outcome = run(backtest(slip.options));
    EXPECT_EQ(outcome.exit, slip.exit) << slip.says;
    EXPECT_THAT(outcome.err, HasSubstr(slip.says));
    EXPECT_THAT(outcome.out, IsEmpty()) << slip.says;
  }
  auto by_egress = backtest();
  by_egress[6] = written("egress.yaml",
                         "failureDomains: [{name: a}]\n"
                         "capacity: {egressBitsPerSecond: 8G}\n"
                         "replicas: {max: 5}\n");
  EXPECT_THAT(run(by_egress).err, HasSubstr("spec.capacity.viewers: required"));
  EXPECT_THAT(run({"backtest"}).err, HasSubstr("--pool: required"));
  EXPECT_THAT(run({"backtest", "--pool", written("pool.yaml", kPool)}).err,
              HasSubstr("--series: required"));
}

TEST(Backtest, RefusesMoreYearsThanItReplaysAtOnce) {
  auto line = backtest();
  line[2] =
      written("century.csv", "timestamp,value\n1970-01-01T00:00:00Z,5\n2090-01-01T00:00:00Z,7\n");
  EXPECT_THAT(run(line).err, HasSubstr("is more than the 1830 days"));
  line.insert(line.end(), {"--from", "2089-12-31T00:00:00Z"});
  EXPECT_EQ(run(line).exit, Exit::kOk);
}

TEST(Backtest, OfNobodyAtAllHasNoNotANumber) {
  auto line = backtest({"-o", "json"});
  line[2] =
      written("zero.csv", "timestamp,value\n2026-03-02T00:00:00Z,0\n2026-03-02T09:00:00Z,0\n");
  const auto outcome = run(line);
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("null")));
}

TEST(Backtest, ListsItsPolicies) {
  const auto outcome = run({"backtest", "--policy", "list"});
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.out, HasSubstr("hpa: Kubernetes' HPA v2"));
  EXPECT_THAT(outcome.out, HasSubstr("  target  0.01 to 1, by default 0.6: "));
}

}  // namespace
}  // namespace edgetide::cli
