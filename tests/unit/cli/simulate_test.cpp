#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/simulate_output.h"
#include "http/server.h"
#include "unit/cli/page_data.h"
#include "unit/cli/yaml_as_json.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

const std::string kScenarios = EDGETIDE_SOURCE_DIR "/examples/scenarios/";

/// EDGETIDE_UPDATE_GOLDEN=1 writes the files anew.
class Scenarios : public testing::TestWithParam<std::string> {};

TEST_P(Scenarios, GoAsToldAndKeepEveryPromise) {
  const auto outcome = run({"simulate", kScenarios + GetParam() + ".yaml"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  const std::string golden = EDGETIDE_SOURCE_DIR "/tests/golden/scenarios/" + GetParam() + ".txt";
  if (std::getenv("EDGETIDE_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << outcome.out;
  EXPECT_EQ(contents(golden), outcome.out) << golden;
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
  const auto outcome =
      run({"simulate", kScenarios + "cup-final.yaml", "--policy", "edgetide,hpa60", "-o", "json"});
  EXPECT_EQ(outcome.exit, Exit::kOk);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("kind"), "Simulation");
  ASSERT_EQ(json.at("runs").size(), 2u);
  const auto& [edgetide, hpa] = std::pair{json.at("runs")[0], json.at("runs")[1]};
  EXPECT_TRUE(edgetide.at("breaches").empty());
  EXPECT_EQ(edgetide.at("timesBroken"), 0);
  EXPECT_FALSE(hpa.contains("breaches"));  // who promises nothing keeps none
  EXPECT_GT(hpa.at("writes"), 20);
  EXPECT_LT(edgetide.at("unserved").at("share"), hpa.at("unserved").at("share"));
}

TEST(Simulate, ServesWhereItCanAndOnlyThenHasASpeed) {
  const auto taken = http::listen({.host = "127.0.0.1", .port = 0}, {});
  ASSERT_TRUE(taken.ok());
  const std::string port = std::to_string((*taken)->port());
  const auto refused = run({"simulate", kScenarios + "unannounced.yaml", "--serve", port});
  EXPECT_EQ(refused.exit, Exit::kUsage);
  EXPECT_THAT(refused.err, HasSubstr("--serve: port " + port + " cannot be had: "));
  const auto speed = run({"simulate", kScenarios + "unannounced.yaml", "--speed", "600"});
  EXPECT_EQ(speed.exit, Exit::kUsage);
  EXPECT_THAT(speed.err, HasSubstr("--speed: is of a night that is watched, beside --serve"));
}

TEST(Simulate, ReportsWhatTheNodesHaveNoRoomFor) {
  const auto outcome = run({"simulate", kScenarios + "nodes-full.yaml", "-o", "json"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  const auto told = nlohmann::json::parse(outcome.out).at("runs")[0].at("shortfalls");
  EXPECT_TRUE(std::ranges::any_of(told, [](const auto& one) {
    return one.at("cause") == "NodesFull";
  })) << told;
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

TEST(Simulate, LivesThroughTiersUnderEdgetideAlone) {
  const auto night = kScenarios + "tiers-zone-lost.yaml";
  const auto json = nlohmann::json::parse(run({"simulate", night, "-o", "json"}).out);
  const auto& upstreams = json.at("runs")[0].at("upstreams");
  ASSERT_EQ(upstreams.size(), 2u);
  EXPECT_EQ(upstreams[0].at("pool"), "video/live-shield");
  EXPECT_GT(upstreams[0].at("mostBitsPerSecond"), 50e9);
  EXPECT_GT(upstreams[0].at("mostBitsPerSecond"), upstreams[1].at("mostBitsPerSecond"));
  for (const auto& upstream : upstreams) {
    EXPECT_GT(upstream.at("promiseCostRatio"), 1);
    EXPECT_GT(upstream.at("costRatio"), upstream.at("promiseCostRatio"));
  }
  const auto refused = run({"simulate", night, "--policy", "edgetide,hpa60"});
  EXPECT_EQ(refused.exit, Exit::kUsage);
  EXPECT_THAT(refused.err,
              HasSubstr("HPA at 60 % runs one pool, and the night has spec.upstreams"));
}

TEST(Simulate, DrawsTheNightOnAPage) {
  const std::string page = testing::TempDir() + "night.html";
  const auto outcome = run({"simulate", kScenarios + "cup-final.yaml", "--policy",
                            "edgetide,clairvoyant", "--report", page});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  for (const char* part : {"redundancy floor", "clairvoyant: viewers and what replicas carry",
                           "promises broken", " lost"})
    EXPECT_THAT(contents(page), HasSubstr(part));
  const auto nowhere = run(
      {"simulate", kScenarios + "cup-final.yaml", "--report", "/nowhere/night.html", "-o", "json"});
  EXPECT_EQ(nowhere.exit, Exit::kFailed);
  EXPECT_TRUE(nowhere.out.empty()) << "said before the night is lived through";
  EXPECT_EQ(nlohmann::json::parse(nowhere.err)["kind"], "Error");
  EXPECT_EQ(run({"simulate", kScenarios + "cup-final.yaml", "--report", page, "--seeds", "2"}).exit,
            Exit::kUsage);
}

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
              testing::ElementsAre("19:42 to 19:59  NodesFull, 139 replicas missing at most; "
                                   "20:00 to 20:03  ReplicasStarting, 24 replicas missing at "
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
  EXPECT_THAT(reserves[1].at("domains").get<std::string>(), testing::MatchesRegex("zone-a [0-9]+"));
  EXPECT_GT(reserves[1].at("from"), "2026-05-13T21:25:00Z");
  EXPECT_LT(reserves[1].at("to"), "2026-05-13T21:36:00Z");
  EXPECT_THAT(figures_of(page_of(night), "reserve missing")[0], testing::HasSubstr("; 21:26 to "));
  EXPECT_THAT(figures_of(page_of(kScenarios + "prime-time.yaml"), "reserve missing"),
              testing::ElementsAre("never"));
}

/// Nothing that is ordered for the final starts before it has begun.
/// Starts of a pool that says that they take long are not late, however long they take.
std::string night_of_slow_starts(const std::string& fault = "") {
  std::ifstream usual(kScenarios + "pool.yaml");
  std::string pool{std::istreambuf_iterator<char>(usual), {}};
  const std::string lead = "initialSeconds: 330";
  pool.replace(pool.find(lead), lead.size(), "initialSeconds: 6000");
  return written("failed-starts.yaml", R"(apiVersion: edgetide.io/v1alpha1
kind: Scenario
spec:
  title: A final, and no start that is over before it
  start: "2026-05-13T18:30:00Z"
  durationMinutes: 100
  pool: )" + written("slow-pool.yaml", pool) +
                                           R"(
  calendars: [)" + kScenarios + "season.csv, " +
                                           kScenarios +
                                           R"(final.csv]
  audience:
    primeTimeViewers: 45k
    pastEventViewers: 420k
    matches:
    - {start: "2026-05-13T20:01:00Z", viewers: 420k}
  faults:
  - {kind: SlowStarts, start: "2026-05-13T18:30:00Z", durationMinutes: 93, times: 100}
)" + fault);
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
      "  - {kind: SamplesMissing, start: \"2026-05-13T19:20:00Z\", durationMinutes: 60}\n");
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

TEST(Simulate, TellsOfManySeedsInALineEach) {
  const auto outcome =
      run({"simulate", kScenarios + "unannounced.yaml", "--seeds", "3", "--seed", "7"});
  EXPECT_EQ(outcome.exit, Exit::kOk);
  for (const char* line : {"seed      7", "seed      8", "seed      9", "3 runs, 0 with"})
    EXPECT_THAT(outcome.out, HasSubstr(line));
}

TEST(Simulate, SpeaksYaml) {
  expect_yaml_as_json([](CommandLine options) {
    options.insert(options.begin(), {"simulate", kScenarios + "cup-final.yaml"});
    return options;
  });
}

TEST(Simulate, CountsPromisesThatItDoesNotName) {
  simulation::Scenario night = simulation::sport_evening({.zone_loss = false});
  night.to = night.from + std::chrono::minutes{5};
  auto recording = simulation::run(night, simulation::PolicyKind::kEdgetide);
  recording.breaches.assign(100, {night.from, "BelowFloor", "3 left of 7 needed"});
  recording.times_broken = 1080;
  const NightRun broken{night, simulation::PolicyKind::kEdgetide, recording};
  const std::string text = night_text({broken});
  EXPECT_THAT(text, HasSubstr("promises             1,080 times broken\n"));
  EXPECT_THAT(text, HasSubstr("\n    and 1,070 more\n"));
  const auto json = nlohmann::json::parse(simulation_document({broken}, "json")).at("runs")[0];
  EXPECT_EQ(json.at("timesBroken"), 1080);
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
