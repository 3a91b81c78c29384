#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/simulate_output.h"
#include "http/server.h"
#include "simulation/text.h"
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

TEST(Simulate, TellsOfManySeedsInALineEach) {
  const auto outcome =
      run({"simulate", kScenarios + "unannounced.yaml", "--seeds", "3", "--seed", "7"});
  EXPECT_EQ(outcome.exit, Exit::kOk);
  for (const char* line : {"seed      7", "seed      8", "seed      9", "3 runs, 0 with"})
    EXPECT_THAT(outcome.out, HasSubstr(line));
}

/// Of all viewing, and of the night in which most of it was unserved.
TEST(Simulate, AddsUpWhatEachPolicyDidUnderManySeeds) {
  const CommandLine nights{
      "simulate", kScenarios + "unannounced.yaml", "--seeds", "3", "--policy", "hpa60,surge"};
  CommandLine as_json = nights;
  as_json.insert(as_json.end(), {"-o", "json"});
  std::map<std::string, double> wanted, unserved, worst;
  const auto document = nlohmann::json::parse(run(as_json).out);
  for (const auto& night : document.at("runs")) {
    const auto& of = night.at("unserved");
    const std::string policy = night.at("policy");
    unserved[policy] += of.at("viewerMinutes").get<double>();
    wanted[policy] += of.at("viewerMinutes").get<double>() / of.at("share").get<double>();
    worst[policy] = std::max(worst[policy], of.at("share").get<double>());
  }
  ASSERT_EQ(worst.size(), 2u);
  const std::string text = run(nights).out;
  for (const auto& [policy, most] : worst) {
    const auto percent = [](double share) { return simulation::fixed(100 * share, 3) + " %"; };
    const std::string row = "\n" + simulation::left_aligned(policy, 11) + "       3   " +
                            percent(unserved[policy] / wanted[policy]) + "      " + percent(most);
    EXPECT_THAT(text, HasSubstr(row));
  }
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
