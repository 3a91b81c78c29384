#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "simulation/fault.h"
#include "unit/cli/final_night.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

/// One after another, eight minutes each, through a final and what comes before and after it.
constexpr const char* kFaults[] = {
    "{kind: SamplesFrozen, start: \"2026-05-13T18:40:00Z\", durationMinutes: 8}",
    "{kind: SamplesMissing, start: \"2026-05-13T18:55:00Z\", durationMinutes: 8}",
    "{kind: SamplesInvalid, start: \"2026-05-13T19:10:00Z\", durationMinutes: 8}",
    "{kind: SamplesPartial, start: \"2026-05-13T19:25:00Z\", durationMinutes: 8}",
    "{kind: SamplesLate, start: \"2026-05-13T19:40:00Z\", durationMinutes: 8, seconds: 600}",
    "{kind: WritesRefused, start: \"2026-05-13T19:52:00Z\", durationMinutes: 8}",
    "{kind: TargetsUnknown, start: \"2026-05-13T20:05:00Z\", durationMinutes: 8}",
    "{kind: ApiServerGone, start: \"2026-05-13T20:15:00Z\", durationMinutes: 8}",
    "{kind: SourceGone, start: \"2026-05-13T20:25:00Z\", durationMinutes: 8}",
    "{kind: ClockAhead, start: \"2026-05-13T20:35:00Z\", durationMinutes: 8, seconds: 600}",
    "{kind: ClockAhead, start: \"2026-05-13T20:45:00Z\", durationMinutes: 8, seconds: -600}",
    "{kind: SamplesScaled, start: \"2026-05-13T20:55:00Z\", durationMinutes: 4, percent: 30}",
    "{kind: CounterReset, start: \"2026-05-13T21:02:00Z\", durationMinutes: 4}",
    "{kind: WindowUnfilled, start: \"2026-05-13T21:08:00Z\", durationMinutes: 4}",
    "{kind: SlowStarts, start: \"2026-05-13T21:15:00Z\", durationMinutes: 8, times: 3}",
    "{kind: StartsFail, start: \"2026-05-13T21:25:00Z\", durationMinutes: 8}",
    "{kind: NoMachines, start: \"2026-05-13T21:35:00Z\", durationMinutes: 8}",
    "{kind: OperatorDown, start: \"2026-05-13T21:45:00Z\", durationMinutes: 8}",
    "{kind: RivalLowers, start: \"2026-05-13T22:00:00Z\", durationMinutes: 8}",
    "{kind: NodesDrained, start: \"2026-05-13T22:20:00Z\", durationMinutes: 8, percent: 50, "
    "maxUnavailablePercent: 10}",
    "{kind: Rollout, start: \"2026-05-13T22:35:00Z\", durationMinutes: 8}"};

/// All of them, and more.
std::string night_of_faults(const std::vector<std::string>& more = {}) {
  std::vector<std::string> faults(std::begin(kFaults), std::end(kFaults));
  faults.insert(faults.end(), more.begin(), more.end());
  return final_night("faults.yaml", "A final with one fault after another", 300,
                     kScenarios + "pool.yaml", faults);
}

/// Of the first run, as its JSON tells them.
nlohmann::json faults_of(std::vector<std::string> command) {
  command.insert(command.end(), {"-o", "json"});
  return nlohmann::json::parse(run(command).out).at("runs")[0].at("faults");
}

TEST(SimulatedFaults, AreLivedThroughOneAfterAnotherWithEveryPromiseKept) {
  const auto outcome = run({"simulate", night_of_faults(), "--policy", "edgetide,hpa60,surge"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("promises             all kept"));
  for (const char* line : {"19:40  SamplesLate 600 s for 8m", "20:45  ClockAhead -600 s for 8m",
                           "20:55  SamplesScaled 30 % for 4m", "21:15  SlowStarts 3 times for 8m"})
    EXPECT_THAT(outcome.out, HasSubstr(line));
  std::set<std::string> kinds;
  for (const auto& fault : faults_of({"simulate", night_of_faults()}))
    kinds.insert(fault.at("kind"));
  for (const auto kind : simulation::kFaultKinds) {
    const std::string name{simulation::name_of(kind)};
    if (kind == simulation::FaultKind::kEgressMissing) continue;       // of a pool with upstreams
    if (kind == simulation::FaultKind::kConnectionsMissing) continue;  // of gateways
    EXPECT_TRUE(kinds.contains(name)) << "no fault of kind " << name;
  }
}

TEST(SimulatedFaults, ThatCouldChangeNothingAreRefused) {
  for (const auto& [kind, says] :
       {std::pair{"EgressMissing", "EgressMissing changes nothing without spec.upstreams"},
        {"ConnectionsMissing",
         "ConnectionsMissing changes nothing without spec.audience.connections"}}) {
    const auto refused = run(
        {"simulate", night_of_faults({std::string("{kind: ") + kind +
                                      ", start: \"2026-05-13T18:40:00Z\", durationMinutes: 8}"})});
    EXPECT_EQ(refused.exit, Exit::kUsage);
    EXPECT_THAT(refused.err, HasSubstr(says));
  }
}

TEST(SimulatedFaults, AreToldWithTheDomainThatTheyStruck) {
  const std::string folder = EDGETIDE_SOURCE_DIR "/examples/scenarios/";
  const auto final =
      nlohmann::json::parse(run({"simulate", folder + "cup-final.yaml", "-o", "json"}).out)
          .at("runs")[0];
  EXPECT_EQ(final.at("pool"), "default/pool");
  EXPECT_EQ(final.at("faults"), nlohmann::json::array({{{"kind", "ZoneLost"},
                                                        {"start", "2026-05-13T20:02:00Z"},
                                                        {"durationSeconds", 1500},
                                                        {"domain", "zone-a"}}}));
  const std::string drains = folder + "nodes-drained.yaml";
  for (const auto& drained : faults_of({"simulate", drains}))
    EXPECT_EQ(drained.at("domain"), "zone-a");
  EXPECT_THAT(run({"simulate", drains}).out, HasSubstr(" in zone-a for "));
}

/// What people read of a moment begins with what went wrong.
TEST(SimulatedFaults, AreToldBeforeWhatFollowsFromThem) {
  const std::string text = run({"simulate", night_of_faults()}).out;
  const auto fault = text.find("  22:20  NodesDrained 50 %");
  const auto effect = text.find("  22:20  ", fault + 1);
  ASSERT_NE(effect, std::string::npos) << text;
  EXPECT_THAT(text.substr(effect), testing::ContainsRegex("^  22:20  [0-9]+ replicas of zone-"));
}

TEST(SimulatedFaults, AreDrawnBySeedBesideThoseOfTheFile) {
  const std::string night = EDGETIDE_SOURCE_DIR "/examples/scenarios/slow-nodes.yaml";
  const auto drawn = [&](const char* seed) {
    return run({"simulate", night, "--draw-faults", "--seed", seed});
  };
  const auto once = drawn("4");
  EXPECT_EQ(once.exit, Exit::kOk) << once.out << once.err;
  EXPECT_EQ(drawn("4").out, once.out);
  EXPECT_NE(drawn("5").out, once.out);
  EXPECT_EQ(faults_of({"simulate", night, "--seed", "4"}).size(), 1u);
  EXPECT_GT(faults_of({"simulate", night, "--draw-faults", "--seed", "4"}).size(), 1u);
  EXPECT_THAT(once.out, HasSubstr("  18:30  SlowStarts 3 times for 2h\n"));
}

}  // namespace
}  // namespace edgetide::cli
