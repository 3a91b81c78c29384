// The page of `backtest --report`, held against the other outputs of the same run.

#include <gmock/gmock.h>

#include <cmath>

#include "unit/cli/backtest_three_days.h"
#include "unit/cli/page_data.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

/// Every minute in which the file of decisions changes stands in the page's log, and opens what was
/// known of it.
TEST(BacktestPage, LogsWhatEachDecisionRestedOn) {
  const std::string decisions = testing::TempDir() + "logged.csv";
  const std::string page = testing::TempDir() + "logged.html";
  const std::vector<std::string> files{
      "--decisions", decisions, "--report", page, "--from", "2026-03-04T00:00:00Z", "--policy"};
  auto line = backtest(files);
  line.emplace_back("edgetide,hpa");
  ASSERT_EQ(run(line).exit, Exit::kOk);
  const auto data = page_data(page);
  std::istringstream csv(contents(decisions));
  std::size_t found = 0;
  std::string before;
  for (std::string minute; std::getline(csv, minute);) {
    std::vector<std::string> fields;
    std::istringstream columns(minute);
    for (std::string field; std::getline(columns, field, ',');) fields.push_back(field);
    const std::string desired = fields[1];
    if (!before.empty() && before != "desired" && desired != before) {
      ASSERT_LT(found, data["decisions"].size());
      const auto& logged = data["decisions"][found++];
      EXPECT_EQ(logged["at"], parse_instant(fields[0]).value().time_since_epoch().count());
      EXPECT_EQ(logged["from"], std::stoi(before));
      EXPECT_EQ(logged["to"], std::stoi(desired));
      const std::string report = logged["report"];
      EXPECT_THAT(report, HasSubstr("Standing   " + fields[2] + " Ready, for "));
      EXPECT_THAT(report, HasSubstr("Sizing     by " + fields[7]));
      if (fields.size() > 8) {
        EXPECT_THAT(report, HasSubstr(fields[8]));
      }
      std::string wanted = report.substr(0, report.find(" viewers in this minute"));
      std::erase(wanted, ',');
      EXPECT_EQ(wanted, "Wanted     " + fields[4]);
    }
    before = desired;
  }
  EXPECT_GT(found, 20U);
  EXPECT_EQ(found, data["decisions"].size());
  EXPECT_EQ(data["decisionsNote"], "Of edgetide. Each opens what it was decided by.");

  line.back() = "hpa,edgetide";
  ASSERT_EQ(run(line).exit, Exit::kOk);
  EXPECT_TRUE(page_data(page)["decisions"].empty());
  EXPECT_EQ(page_data(page)["decisionsNote"],
            "hpa tells no reasons: none of its decisions stand here.");
}

double sum_of(const std::vector<std::optional<double>>& values) {
  double sum = 0;
  for (const auto& value : values) sum += value.value_or(0);
  return sum;
}

/// Of a page in steps of a minute: its table, its curve and the areas of its charts.
TEST(BacktestPage, HasTheNumbersOfTheJsonForEveryPolicy) {
  const std::string page = testing::TempDir() + "numbers.html";
  const auto outcome =
      run(backtest({"--report", page, "-o", "json", "--from", "2026-03-04T00:00:00Z", "--policy",
                    "edgetide,hpa:target=0.9,reaction,clairvoyant"}));
  ASSERT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  const auto policies = nlohmann::json::parse(outcome.out).at("policies");
  const auto data = page_data(page);
  const auto& unserved = chart_of(data, "Viewers without a server");
  ASSERT_EQ(policies.size(), 4U);
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const auto& policy = policies[i];
    const std::string name = policy.at("policy");
    const auto& row = data["figures"]["rows"][i];
    EXPECT_EQ(row["label"], name);
    const auto shown = [&](std::size_t column) {
      std::string text = row["values"][column];
      std::erase(text, ',');
      return std::stod(text);
    };
    EXPECT_NEAR(shown(0), 100 * policy["shortfallRatio"].get<double>(), 5e-5);
    EXPECT_EQ(shown(1), policy["shortMinutes"]);
    EXPECT_EQ(shown(2), policy["replicaMinutes"]);
    EXPECT_NEAR(shown(3), policy["costAgainstClairvoyant"], 5e-4);
    EXPECT_EQ(shown(4), policy["moves"]);
    EXPECT_NEAR(shown(5), policy["reversalsPerDay"], .05);
    EXPECT_EQ(shown(6), policy["minutesAtLimit"]);
    const auto& curve = data["curves"][i];
    EXPECT_EQ(curve["policy"], name);
    EXPECT_EQ(curve["points"][0]["shortfall"], policy["shortfallRatio"]);
    EXPECT_EQ(curve["points"][0]["cost"], policy["costAgainstClairvoyant"]);
    const auto& chart = chart_of(data, name + ": viewers and what replicas carry");
    EXPECT_EQ(chart.at("step"), 60);
    // A replica carries a hundred.
    EXPECT_EQ(sum_of(series_of(chart, "carried by all that are asked for")) / 100,
              policy["replicaMinutes"]);
    const double missed = policy["unservedViewerMinutes"];
    EXPECT_NEAR(sum_of(series_of(unserved, name)), missed, 1e-6 * missed + 1);
  }
  EXPECT_GT(policies[2]["unservedViewerMinutes"], 0);
}

}  // namespace
}  // namespace edgetide::cli
