// The page of `simulate --report`, held against what `-o json` prints of the same night.

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "unit/cli/page_data.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kScenarios = EDGETIDE_SOURCE_DIR "/examples/scenarios/";

struct Told {
  nlohmann::json runs;
  nlohmann::json page;
};

Told told(const std::string& night, const std::string& policies = "edgetide") {
  const std::string page = testing::TempDir() + "night_page.html";
  const auto outcome =
      run({"simulate", kScenarios + night, "--policy", policies, "--report", page, "-o", "json"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  return {nlohmann::json::parse(outcome.out).at("runs"), page_data(page)};
}

/// Of a pool whose domains are alike: what has to be left, and as many again as one domain holds.
double floor_of(double load, double usable, int spare, int domains) {
  const double left = std::ceil(load / usable) + spare;
  return left + std::ceil(left / (domains - 1));
}

/// The floors of a pool's domains against what they are worked out from, give or take its rounding.
void expect_floors(const nlohmann::json& page, const std::string& prefix, int domains,
                   const std::vector<std::optional<double>>& load, double rounding, double usable,
                   int spare) {
  std::vector<std::vector<std::optional<double>>> floors;
  for (int i = 0; i < domains; ++i)
    floors.push_back(
        series_of(chart_of(page, prefix + static_cast<char>('a' + i)), "redundancy floor"));
  std::set<double> seen;
  for (std::size_t step = 0; step < load.size(); ++step) {
    double total = 0;
    double largest = 0;
    for (const auto& floor : floors) {
      ASSERT_EQ(floor.size(), load.size());
      total += floor[step].value();
      largest = std::max(largest, floor[step].value());
    }
    ASSERT_GE(total, floor_of(*load[step] - rounding, usable, spare, domains)) << step;
    ASSERT_LE(total, floor_of(*load[step] + rounding, usable, spare, domains)) << step;
    ASSERT_GE(total - largest, std::ceil((*load[step] - rounding) / usable) + spare) << step;
    seen.insert(total);
  }
  EXPECT_GT(seen.size(), 5u) << "the floor follows the load";
}

TEST(NightPage, HasTheFloorThatItsViewersNeed) {
  const Told night = told("cup-final.yaml");
  const auto& page = night.page;
  const auto viewers =
      series_of(chart_of(page, "Edgetide: viewers and what replicas carry"), "viewers");
  expect_floors(page, "Replicas in zone-", 3, viewers, .5, 3750, 2);
}

TEST(NightPage, HasTheFloorsOfThePoolsThatAreDrawnFrom) {
  const Told night = told("tiers-zone-lost.yaml");
  const auto& page = night.page;
  const auto fetched = [&](const std::string& pool) {
    return series_of(chart_of(page, pool + ": what is fetched and what replicas carry"), "fetched");
  };
  expect_floors(page, "Replicas of live-shield in zone-", 3, fetched("live-shield"), .05, 7.5, 1);
  expect_floors(page, "Replicas of live-origin in zone-", 2, fetched("live-origin"), .05, 7, 0);
}

/// What was announced, and what failed or came back, by when it came.
TEST(NightPage, MarksWhatBefallsTheNightOnEveryChart) {
  const auto marks = [](const std::string& night) {
    const auto page = told(night).page;
    std::vector<std::string> all;
    std::int64_t before = 0;
    for (const auto& mark : page.at("charts")[0].at("marks")) {
      EXPECT_GE(mark.at("at"), before);
      before = mark.at("at");
      all.push_back((mark.at("fault") ? "!" : "") + mark.at("text").get<std::string>());
    }
    for (const auto& chart : page.at("charts"))
      EXPECT_EQ(chart.at("marks"), page.at("charts")[0].at("marks")) << chart.at("title");
    return all;
  };
  EXPECT_THAT(marks("prometheus-down-at-peak.yaml"),
              testing::ElementsAre("kick-off", "half-time", "!SourceGone for 20m", "second half",
                                   "final whistle", "announced end"));
  EXPECT_THAT(marks("cup-final-long-loss.yaml"),
              testing::ElementsAre("kick-off", "!zone-a lost", "half-time", "second half",
                                   "announced end", "extra time", "!zone-a back", "final whistle"));
}

/// What its charts show of a farther pool by domain comes to what they show of the whole.
TEST(NightPage, HasAsManyReplicasByDomainAsInAllOfAFartherPool) {
  const Told night = told("tiers-zone-lost.yaml");
  const auto& page = night.page;
  const auto& all = chart_of(page, "live-origin: what is fetched and what replicas carry");
  const auto ordered = series_of(all, "carried by all that are ordered");
  std::vector<double> sum(ordered.size(), 0);
  for (const char* zone : {"zone-a", "zone-b"}) {
    const auto& chart = chart_of(page, std::string("Replicas of live-origin in ") + zone);
    const auto desired = series_of(chart, "desired");
    ASSERT_EQ(desired.size(), sum.size());
    for (std::size_t step = 0; step < sum.size(); ++step) sum[step] += desired[step].value();
    const auto ready = series_of(chart, "Ready");
    const auto coming = series_of(chart, "Ready and starting");
    for (std::size_t step = 0; step < sum.size(); ++step) ASSERT_LE(*ready[step], *coming[step]);
  }
  for (std::size_t step = 0; step < sum.size(); ++step)
    ASSERT_NEAR(10 * sum[step], *ordered[step], .06) << step;
}

TEST(NightPage, LogsTheDecisionsOnEveryPool) {
  const Told night = told("tiers-zone-lost.yaml");
  const auto& page = night.page;
  EXPECT_EQ(page.at("decisionsNote"), "Each opens its full report.");
  std::set<std::string> pools;
  std::int64_t before = 0;
  for (const auto& decision : page.at("decisions")) {
    const std::string pool = decision.at("pool");
    pools.insert(pool);
    EXPECT_THAT(decision.at("report").get<std::string>(), StartsWith("video/" + pool + "  "));
    EXPECT_GE(decision.at("at"), before);
    before = decision.at("at");
  }
  EXPECT_THAT(pools, testing::ElementsAre("live-edge", "live-origin", "live-shield"));
  const auto alone = told("unannounced.yaml", "edgetide,clairvoyant").page;
  EXPECT_FALSE(alone.at("decisions").empty());
  EXPECT_FALSE(alone.at("decisions")[0].contains("pool"));
  EXPECT_EQ(alone.at("decisionsNote"), "Of Edgetide. Each opens its full report.");
  const auto peer = told("unannounced.yaml", "hpa60,edgetide").page;
  EXPECT_TRUE(peer.at("decisions").empty());
  EXPECT_THAT(peer.at("decisionsNote").get<std::string>(), HasSubstr("HPA at 60 % tells no"));
}

TEST(NightPage, HasTheFiguresOfTheJson) {
  const Told night = told("cup-final.yaml", "edgetide,hpa60,clairvoyant");
  const auto& page = night.page;
  const auto& runs = night.runs;
  const auto row = [&](const std::string& label) {
    for (const auto& one : page.at("figures").at("rows"))
      if (one.at("label") == label) return one.at("values");
    return nlohmann::json();
  };
  const auto number = [](std::string text) {
    std::erase(text, ',');
    return std::stod(text);
  };
  ASSERT_EQ(runs.size(), 3u);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& one = runs[i];
    const auto shown = [&](const char* label) { return number(row(label)[i].get<std::string>()); };
    EXPECT_EQ(page.at("figures").at("columns")[i + 1], one.at("policy"));
    EXPECT_NEAR(shown("viewer-minutes not served"), one["unserved"]["viewerMinutes"], .5);
    EXPECT_NEAR(shown("of all, %"), 100 * one["unserved"]["share"].get<double>(), .0005);
    EXPECT_NEAR(shown("most viewers at once"), one["unserved"]["mostAtOnce"], .5);
    EXPECT_NEAR(shown("cost against a clairvoyant fleet"), one["costRatio"], .005);
    EXPECT_NEAR(shown("against one with the same promises"), one["promiseCostRatio"], .005);
    const auto& curve = page.at("curves")[i];
    EXPECT_EQ(curve.at("policy"), one.at("policy"));
    EXPECT_EQ(curve.at("points")[0].at("shortfall"), one["unserved"]["share"]);
    EXPECT_EQ(curve.at("points")[0].at("cost"), one["costRatio"]);
    // And what its chart shows without a server, step by step, comes to the same.
    const auto& chart = chart_of(page, "Viewers without a server");
    double sum = 0;
    double most = 0;
    for (const auto& viewers : series_of(chart, one.at("policy"))) {
      sum += viewers.value() * chart.at("step").get<double>() / 60;
      most = std::max(most, *viewers);
    }
    EXPECT_NEAR(sum, one["unserved"]["viewerMinutes"], 1 + .01 * sum);
    EXPECT_NEAR(most, one["unserved"]["mostAtOnce"], .5);
  }
  EXPECT_GT(runs[1]["unserved"]["viewerMinutes"], 0);
}

}  // namespace
}  // namespace edgetide::cli
