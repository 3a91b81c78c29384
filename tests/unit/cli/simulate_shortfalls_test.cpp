// What a night tells of shortfalls, of the reserve and of pools that are drawn from.

#include <gmock/gmock.h>

#include <array>
#include <nlohmann/json.hpp>

#include "cli/scenario_file.h"
#include "cli/simulate_output.h"
#include "unit/cli/final_night.h"
#include "unit/cli/page_data.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

/// The page's own data.
nlohmann::json page_of(const std::string& night) {
  const std::string page = testing::TempDir() + "figures.html";
  EXPECT_EQ(run({"simulate", night, "--report", page}).exit, Exit::kOk);
  return page_data(page);
}

/// The first run's figures as the page has them, by label; rows of one label in order.
std::vector<std::string> figures_of(const nlohmann::json& page, const std::string& label) {
  std::vector<std::string> figures;
  for (const auto& row : page.at("figures").at("rows"))
    if (row.at("label") == label) figures.push_back(row.at("values")[0]);
  return figures;
}

TEST(Simulate, TellsTheShortfallsThatTheNightReported) {
  const auto night = kScenarios + "cup-final.yaml";
  const std::vector<std::string> too_small{"simulate", night, "--set", "spec.replicas.max=90"};
  EXPECT_THAT(run(too_small).out,
              testing::ContainsRegex("shortfalls +[0-9:]+ to [0-9:]+  MaximumReached, [0-9]+ "
                                     "replicas missing at[[:space:]]+most"));
  const auto outcome = run({"simulate", night, "--set", "spec.replicas.max=90", "-o", "json"});
  const auto told = nlohmann::json::parse(outcome.out).at("runs")[0].at("shortfalls");
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told[0].at("cause"), "MaximumReached");
  EXPECT_GT(told[0].at("missingReplicas"), 0);
  EXPECT_THAT(told[0].at("message"), HasSubstr("spec.replicas.max is 90; raise it to "));
}

TEST(Simulate, TellsOfReplicasThatHaveLongFoundNoNode) {
  const auto outcome = run({"simulate", kScenarios + "no-nodes.yaml", "-o", "json"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out).at("runs")[0];
  ASSERT_EQ(json.at("shortfalls").size(), 2u);
  EXPECT_EQ(json.at("shortfalls")[0].at("cause"), "NodesFull");
  EXPECT_LT(json.at("shortfalls")[0].at("to"), "2026-05-13T20:00:00Z");
  EXPECT_EQ(json.at("shortfalls")[1].at("cause"), "ReplicasStarting");
  EXPECT_GT(json.at("unserved").at("mostAtOnce"), 0);
  EXPECT_FALSE(json.contains("toldInstead")) << "when most were unserved";
  EXPECT_THAT(figures_of(page_of(kScenarios + "no-nodes.yaml"), "shortfalls"),
              testing::ElementsAre("19:36 to 19:59  NodesFull, 135 replicas missing at most\n"
                                   "20:00 to 20:03  ReplicasStarting, 29 replicas missing at "
                                   "most"));
}

/// Nobody is unserved, and of the drained zone's part the others lack what a loss would take.
TEST(Simulate, TellsWhenTheReserveWasMissingAndWhere) {
  const std::string night = kScenarios + "nodes-drained.yaml";
  const auto outcome = run({"simulate", night, "-o", "json"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out).at("runs")[0];
  EXPECT_TRUE(json.at("shortfalls").empty());
  const auto& reserves = json.at("reserveMissing");
  ASSERT_EQ(reserves.size(), 2u);
  EXPECT_EQ(reserves[0].at("missingReplicas"), 1) << "as many as the budget lets go";
  EXPECT_GT(reserves[1].at("missingReplicas"), 30);
  ASSERT_EQ(reserves[1].at("domains").size(), 1u);
  EXPECT_EQ(reserves[1].at("domains")[0].at("domain"), "zone-a");
  EXPECT_EQ(reserves[1].at("domains")[0].at("missingReplicas"), reserves[1].at("missingReplicas"));
  EXPECT_GT(reserves[1].at("from"), "2026-05-13T21:25:00Z");
  EXPECT_LT(reserves[1].at("to"), "2026-05-13T21:36:00Z");
  EXPECT_THAT(figures_of(page_of(night), "reserve missing")[0],
              testing::ContainsRegex("\n21:26 to 21:[0-9]+, at most [0-9]+: zone-a [0-9]+$"));
  EXPECT_THAT(figures_of(page_of(kScenarios + "prime-time.yaml"), "reserve missing"),
              testing::ElementsAre("never"));
}

/// Nobody knows of the first zone for a while, and decisions go on beside it.
TEST(Simulate, TellsWhenNobodyKnewOfTheReserve) {
  const std::string night = final_night(
      "unread.yaml", "A final, and a target that cannot be read", 120, kScenarios + "pool.yaml",
      {"{kind: TargetsUnknown, start: \"2026-05-13T19:30:00Z\", durationMinutes: 40}"});
  const std::string told = "19:30 to 20:09, zone-a unread";
  EXPECT_THAT(run({"simulate", night}).out, HasSubstr("  reserve unknown      " + told + "\n"));
  const auto json = nlohmann::json::parse(run({"simulate", night, "-o", "json"}).out);
  const auto& unknown = json.at("runs")[0].at("reserveUnknown");
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].at("from"), "2026-05-13T19:30:00Z");
  EXPECT_EQ(unknown[0].at("unreadDomains"), nlohmann::json::array({"zone-a"}));
  EXPECT_EQ(unknown[0].at("reason"), "DemandUnknown");
  const auto page = page_of(night);
  EXPECT_THAT(figures_of(page, "reserve unknown"), testing::ElementsAre(told));
  std::size_t beside = 0;
  for (const auto& decision : page.at("decisions")) {
    if (!decision.contains("unread")) continue;
    ++beside;
    EXPECT_EQ(decision.at("unread"), nlohmann::json::array({"zone-a"}));
    EXPECT_THAT(decision.at("report").get<std::string>(), HasSubstr(", zone-a ?: "));
  }
  EXPECT_GT(beside, 0u);
}

/// Nothing that is ordered for the final starts before it has begun.
/// Starts of a pool that says that they take long are not late, however long they take.
std::string night_of_slow_starts(const std::vector<std::string>& more = {}) {
  std::string pool = contents(kScenarios + "pool.yaml");
  const std::string lead = "initialSeconds: 330";
  pool.replace(pool.find(lead), lead.size(), "initialSeconds: 6000");
  std::vector<std::string> faults{
      "{kind: SlowStarts, start: \"2026-05-13T18:30:00Z\", durationMinutes: 93, times: 100}"};
  faults.insert(faults.end(), more.begin(), more.end());
  return final_night("failed-starts.yaml", "A final, and no start that is over before it", 100,
                     written("slow-pool.yaml", pool), faults);
}

TEST(Simulate, TellsOfTheUnservedAsAShortfallWhileWhatTheyNeedStarts) {
  const auto outcome = run({"simulate", night_of_slow_starts(), "-o", "json"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out).at("runs")[0];
  EXPECT_GT(json.at("unserved").at("mostAtOnce"), 0);
  ASSERT_EQ(json.at("shortfalls").size(), 1u);
  EXPECT_EQ(json.at("shortfalls")[0].at("cause"), "ReplicasStarting");
  EXPECT_FALSE(json.contains("toldInstead"));
}

// Nobody knows of them.
TEST(Simulate, TellsWhatSpokeForTheUnservedWhereNoShortfallDid) {
  const std::string night = night_of_slow_starts(
      {"{kind: SamplesMissing, start: \"2026-05-13T19:20:00Z\", durationMinutes: 60}"});
  const auto outcome = run({"simulate", night, "-o", "json"});
  const auto json = nlohmann::json::parse(outcome.out).at("runs")[0];
  EXPECT_GT(json.at("unserved").at("mostAtOnce"), 0);
  EXPECT_TRUE(json.at("shortfalls").empty());
  EXPECT_EQ(json.at("toldInstead").at("condition"), "RedundancyMet");
  EXPECT_EQ(json.at("toldInstead").at("reason"), "DemandUnknown");
  const auto at = json.at("toldInstead").at("at").get<std::string>().substr(11, 5);
  EXPECT_THAT(figures_of(page_of(night), "shortfalls"),
              testing::ElementsAre("none reported; RedundancyMet was DemandUnknown at " + at));
  const auto calm = run({"simulate", kScenarios + "cup-final.yaml", "-o", "json"});
  EXPECT_FALSE(nlohmann::json::parse(calm.out).at("runs")[0].contains("toldInstead"));
}

TEST(Simulate, SaysBesideKeptPromisesWhatWasToldOfTheUnserved) {
  const auto outcome =
      run({"simulate", kScenarios + "cup-final.yaml", "--set", "spec.replicas.max=40"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("all kept: MaximumReached was told when most were"));
}

TEST(Simulate, TellsOnThePageWhatFartherPoolsCostAndWereShortOf) {
  const auto json = nlohmann::json::parse(
      run({"simulate", kScenarios + "tiers-zone-lost.yaml", "-o", "json"}).out);
  const auto page = page_of(kScenarios + "tiers-zone-lost.yaml");
  const auto costs = figures_of(page, "cost against a clairvoyant fleet");
  ASSERT_EQ(costs.size(), 3u);
  for (const std::size_t tier : {0u, 1u}) {
    const auto& upstream = json.at("runs")[0].at("upstreams")[tier];
    EXPECT_NEAR(std::stod(costs[tier + 1]), upstream.at("costRatio"), .005);
    const std::string name = std::array{"live-shield", "live-origin"}[tier];
    const auto missed = figures_of(page, name + ": of what is fetched not served, %");
    ASSERT_EQ(missed.size(), 1u);
    EXPECT_NEAR(std::stod(missed[0]), 100 * upstream.at("unservedShare").get<double>(), .0005);
    const std::string told = figures_of(page, "shortfalls")[tier + 1];
    const auto& shortfalls = upstream.at("shortfalls");
    EXPECT_EQ(told == "none reported", shortfalls.empty()) << told;
    for (const auto& one : shortfalls)
      EXPECT_THAT(told, HasSubstr(one.at("cause").get<std::string>()));
  }
}

/// Of farther pools three are shown.
TEST(Simulate, ShowsTheLargestShortfallsWhereThereAreMany) {
  std::vector<std::string> remarks;
  auto night = *read_scenario_file(kScenarios + "tiers-zone-lost.yaml", {}, {}, remarks);
  night.to = night.from + std::chrono::minutes{5};
  auto recording = simulation::run(night, simulation::PolicyKind::kEdgetide);
  const auto told = [&](int minute, int missing) {
    const Instant at = night.from + std::chrono::minutes{minute};
    return simulation::ToldShortfall{.from = at,
                                     .to = at,
                                     .looks = 1,
                                     .missing = Replicas{missing},
                                     .cause = "MaximumReached",
                                     .detail = {}};
  };
  recording.farther.front().shortfalls = {told(0, 107), told(10, 9), told(20, 27), told(30, 200)};
  const std::string text = night_text({{night, simulation::PolicyKind::kEdgetide, recording}});
  std::size_t before = 0;
  for (const char* line : {"MaximumReached, 107 replicas", "MaximumReached, 27 replicas",
                           "MaximumReached, 200 replicas", "and 1 more, none larger"}) {
    const std::size_t at = text.find(line, before);
    ASSERT_NE(at, std::string::npos) << line << "\n" << text;
    before = at;
  }
}

}  // namespace
}  // namespace edgetide::cli
