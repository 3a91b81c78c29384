#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "unit/cli/backtest_three_days.h"
#include "unit/cli/page_data.h"
#include "unit/cli/yaml_as_json.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

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

TEST(Backtest, SpeaksYaml) {
  expect_yaml_as_json([](CommandLine options) {
    options.insert(options.end(), {"--policy", "hpa", "--curve"});
    return backtest(options);
  });
}

/// Of three domains n replicas survive of n and half of them, rounded up.
TEST(Backtest, TellsWhatThePromisedReserveCostsByItself) {
  const auto told = [](const std::string& survive, const std::string& format) {
    return run(backtest({"--from", "2026-03-04T00:00:00Z", "--policy", "reaction", "--set",
                         "spec.redundancy.survive=" + survive, "-o", format}))
        .out;
  };
  const auto json = [&](const std::string& survive) {
    return nlohmann::json::parse(told(survive, "json"));
  };
  const auto kept = json("FailureDomain");
  const double without = kept["clairvoyantReplicaMinutes"];
  const double with = kept["clairvoyantWithReserveReplicaMinutes"];
  EXPECT_GE(with, 1.5 * without);
  EXPECT_LE(with, 1.5 * without + 1440 / 2.0);
  EXPECT_EQ(json("None")["clairvoyantWithReserveReplicaMinutes"], without);
  EXPECT_THAT(
      told("FailureDomain", "text"),
      HasSubstr("\nThe reserve that the pool promises (the loss of a failure domain) has "));
  EXPECT_THAT(told("None", "text"), testing::Not(HasSubstr("reserve")));
  const std::string page = testing::TempDir() + "reserve.html";
  ASSERT_EQ(run(backtest({"--policy", "reaction", "--report", page, "--set",
                          "spec.redundancy.survive=FailureDomain"}))
                .exit,
            Exit::kOk);
  EXPECT_THAT(contents(page), HasSubstr("(the loss of a failure domain) has its price, which"));
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
  EXPECT_THAT(contents(page), StartsWith("<!DOCTYPE html>"));
  const auto charts = page_data(page).at("charts");
  EXPECT_EQ(charts[1].at("title"), "hpa: viewers and what replicas carry");
  const auto roles_in = [](const nlohmann::json& chart) {
    std::string roles;
    for (const auto& series : chart.at("series")) roles += " " + std::string(series.at("role"));
    return roles;
  };
  EXPECT_EQ(roles_in(charts[0]), " demand median quantile desired ready");
  EXPECT_EQ(roles_in(charts[1]), " demand desired ready") << "an HPA foresees nothing";
}

/// A policy that follows what it is told decides the same, later by the difference.
TEST(Backtest, KnowsAReadingTheDelayAfterItWasTaken) {
  const std::string file = testing::TempDir() + "delayed.csv";
  const auto desired = [&](const std::string& delay) {
    EXPECT_EQ(run(backtest({"--delay", delay, "--decisions", file, "--policy", "reaction", "--from",
                            "2026-03-04T00:00:00Z"}))
                  .exit,
              Exit::kOk);
    std::istringstream lines(contents(file));
    std::vector<std::string> column;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream fields(line);
      std::getline(fields, line, ',');
      std::getline(fields, column.emplace_back(), ',');
    }
    return column;
  };
  const auto at_once = desired("0s");
  const auto late = desired("10m");
  ASSERT_EQ(at_once.size(), 1441U);
  ASSERT_EQ(late.size(), at_once.size());
  EXPECT_NE(late, at_once);
  EXPECT_TRUE(std::equal(late.begin() + 71, late.end(), at_once.begin() + 61));
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

/// A thousand replicas from the beginning leave nobody short, and twenty many, whatever the target.
TEST(Backtest, TellsACurveThatIsBetterThroughoutFromOneThatIsWorse) {
  const auto curve = [](const char* limits, const char* format) {
    return run(backtest({"--from", "2026-03-04T00:00:00Z", "--policy", "hpa", "--curve", "--set",
                         limits, "-o", format}))
        .out;
  };
  const auto less = curve("spec.replicas.min=1000", "text");
  EXPECT_THAT(
      less,
      HasSubstr("hpa along target: cost at 1 % short (every setting leaves less), 0.1 % short\n"));
  EXPECT_THAT(less, testing::Not(HasSubstr("reached by no setting")));
  const auto more = curve("spec.replicas.max=20", "text");
  EXPECT_THAT(
      more,
      HasSubstr("hpa along target: cost at 1 % short (reached by no setting), 0.1 % short\n"));
  EXPECT_THAT(more, testing::Not(HasSubstr("every setting leaves less")));
  const auto side = [&](const char* limits) {
    return nlohmann::json::parse(curve(limits, "json"))["curves"][0]["costAtShortfall"][0];
  };
  EXPECT_EQ(side("spec.replicas.min=1000")["everySettingLeaves"], "less");
  EXPECT_EQ(side("spec.replicas.max=20")["everySettingLeaves"], "more");
}

/// A series of bits a second, say, for a capacity in viewers.
TEST(Backtest, DoesNotCountReplicasBeyondWhatAnyFleetHas) {
  auto line = backtest({"--set", "spec.replicas.max=60", "--policy", "reaction"});
  line[2] = written("bits.csv",
                    "timestamp,value\n2026-03-02T00:00:00Z,8e12\n2026-03-02T00:05:00Z,8e12\n");
  const auto out = run(line).out;
  EXPECT_THAT(out, testing::ContainsRegex("takes[ \n]more[ \n]than[ \n]1,000,000[ \n]replicas"));
  EXPECT_THAT(out, testing::ContainsRegex("Does[ \n]the[ \n]series[ \n]count[ \n]viewers,"));
}

TEST(Backtest, SaysThatACalendarMissesTheRecording) {
  auto line = backtest({"--policy", "reaction"});
  line[4] = written("other_year.csv",
                    "start,end,class,name\n2025-03-02T20:00:00Z,2025-03-02T22:00:00Z,show,Show\n"
                    "2027-03-02T20:00:00Z,2027-03-02T22:00:00Z,show,Show\n");
  EXPECT_THAT(run(line).err,
              HasSubstr("edgetide: 0 of 2 events of the calendar touch what is looked at, "
                        "2026-03-02T00:00:00Z to 2026-03-05T00:00:00Z\n"));
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

/// Of the audience's 11,000 viewers or so 60 replicas of 100 carry half: then it says so,
/// everywhere.
TEST(Backtest, SaysHowLongItStoodAtTheLimitAndWhatTheDemandWouldTake) {
  const std::string page = testing::TempDir() + "limit.html";
  const auto asked = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--from", "2026-03-04T00:00:00Z"});
    return run(backtest(more)).out;
  };
  const auto json = nlohmann::json::parse(
      asked({"-o", "json", "--set", "spec.replicas.max=60", "--policy", "edgetide,reaction"}));
  EXPECT_EQ(json["limitReplicas"], 60);
  EXPECT_EQ(json["highestTakesReplicas"], std::ceil(json["highestViewers"].get<double>() / 100));
  EXPECT_GT(json["highestTakesReplicas"], 100);
  for (const auto& policy : json["policies"]) {
    EXPECT_GT(policy["minutesAtLimit"], 60) << policy;
    EXPECT_LT(policy["minutesAtLimit"], 300) << policy;
  }
  EXPECT_GE(json["policies"][0]["preparedForViewers"], json["highestViewers"]);
  EXPECT_FALSE(json["policies"][1].contains("preparedForViewers"));
  const auto text = asked({"--set", "spec.replicas.max=60", "--report", page});
  EXPECT_THAT(text, HasSubstr("\nspec.replicas.max, 60, was reached by edgetide in "));
  EXPECT_THAT(contents(page), HasSubstr("spec.replicas.max, 60, was reached by edgetide in "));
  EXPECT_THAT(asked({"-o", "csv", "--set", "spec.replicas.max=60"}),
              testing::ContainsRegex(",minutes_at_limit\nedgetide,.*,[1-9][0-9]+\n"));

  EXPECT_THAT(asked({}), testing::Not(HasSubstr("was reached")));
  EXPECT_EQ(nlohmann::json::parse(asked({"-o", "json"}))["policies"][0]["minutesAtLimit"], 0);
}

/// A replica of 1 Gbit/s carries 50 viewers of 20 Mbit/s each, half of what it carries by number.
TEST(Backtest, IsSizedByEgressWhereTheBitrateIsGiven) {
  const auto pool = written("by_egress.yaml",
                            "failureDomains: [{name: a}, {name: b}, {name: c}]\n"
                            "capacity: {viewers: 100, egressBitsPerSecond: 1G}\n"
                            "redundancy: {survive: None}\nreplicas: {max: 1000}\n");
  const auto asked = [&](const std::vector<std::string>& more) {
    auto line = backtest(more);
    line[6] = pool;
    return run(line);
  };
  const auto json_of = [&](const std::string& bitrate) {
    return nlohmann::json::parse(
        asked({"-o", "json", "--policy", "clairvoyant", "--bitrate", bitrate}).out);
  };
  const auto by_egress = json_of("20M");
  EXPECT_EQ(by_egress["sizedBy"], "egress");
  EXPECT_EQ(by_egress["viewersPerReplica"], 50);
  const auto by_viewers = json_of("5M");
  EXPECT_EQ(by_viewers["sizedBy"], "viewers");
  EXPECT_GT(by_egress["policies"][0]["replicaMinutes"],
            1.9 * by_viewers["policies"][0]["replicaMinutes"].get<double>());
  EXPECT_THAT(
      asked({"--bitrate", "20M"}).out,
      HasSubstr("\nSized by egress: a replica carries 50 viewers; bitrate 20 Mbit/s a viewer\n"));
  EXPECT_EQ(by_egress["bitrateBitsPerSecond"], 20e6);
  EXPECT_THAT(asked({"--bitrate", "20M"}).err, IsEmpty());
  EXPECT_THAT(asked({}).err, HasSubstr("not sized by egress, of which the series does not tell; "
                                       "--bitrate says what a viewer takes"));
  EXPECT_THAT(run(backtest({"--bitrate", "5M"})).err,
              HasSubstr("no spec.capacity.egressBitsPerSecond to hold it against"));
}

TEST(Backtest, FitsEightyColumns) {
  std::istringstream lines(
      run(backtest({"--policy", "edgetide,hpa:target=0.6", "--set", "spec.replicas.max=60"})).out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(Backtest, AShorterLeadIsCheaperForTheClairvoyant) {
  const auto cost = [](const char* lead) {
    const auto out = run(backtest({"-o", "json", "--policy", "clairvoyant", "--lead", lead}));
    return nlohmann::json::parse(out.out)["policies"][0]["costAgainstClairvoyant"].get<double>();
  };
  EXPECT_LT(cost("60s"), cost("30m"));
}

TEST(Backtest, ListsItsPolicies) {
  const auto outcome = run({"backtest", "--policy", "list"});
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.out, HasSubstr("hpa: Kubernetes' HPA v2"));
  EXPECT_THAT(outcome.out, HasSubstr("clairvoyant: knows the viewers to come, not the faults"));
  EXPECT_THAT(outcome.out, HasSubstr("  target  0.01 to 1, by default 0.6: "));
}

}  // namespace
}  // namespace edgetide::cli
