#include "cli/scenario_file.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "unit/cli/final_night.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ScenarioFile, WantsWhatBringsAnAudienceAsItIs) {
  const std::string path = written("shapes.yaml", R"(apiVersion: edgetide.io/v1alpha1
kind: Scenario
spec:
  title: Shapes
  start: "2026-05-12T19:00:00Z"
  durationMinutes: 10
  pool: pool.yaml
  audience:
    pastEvents: Films
    premieres: [{start: "2026-05-12T19:00:00Z", viewers: 3k, durationMinutes: 5}]
    primeTime: {viewers: 3k, start: "25:00", durationMinutes: 60}
    retryStorms: [{start: "2026-05-12T19:00:00Z", durationMinutes: 5, percent: 101}]
)");
  const auto outcome = run({"simulate", path});
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  for (const char* problem :
       {"spec.audience.pastEvents", "spec.audience.premieres[0].durationMinutes: 5",
        "spec.audience.primeTime.start: '25:00' is no time of day such as 20:15",
        "spec.audience.retryStorms[0].percent: 101"})
    EXPECT_THAT(outcome.err, HasSubstr(problem));
}

TEST(ScenarioFile, WantsUpstreamsThatAreDrawnFrom) {
  const auto night = [](const std::string& upstreams) {
    return run({"simulate", written("tiers.yaml",
                                    "apiVersion: edgetide.io/v1alpha1\nkind: Scenario\nspec:\n"
                                    "  title: Tiers\n  start: \"2026-05-13T19:00:00Z\"\n"
                                    "  durationMinutes: 10\n  pool: " +
                                        kScenarios + "tiers/edge.yaml\n  upstreams: [" + upstreams +
                                        "]\n  audience: {primeTimeViewers: 1k}\n")});
  };
  const auto by_egress = night(kScenarios + "tiers/shield.yaml");
  EXPECT_EQ(by_egress.exit, Exit::kOk);
  std::string with_viewers = contents(kScenarios + "tiers/shield.yaml");
  with_viewers.insert(with_viewers.find("egressBitsPerSecond"), "viewers: 50, ");
  EXPECT_EQ(night(written("shield.yaml", with_viewers)).out, by_egress.out)
      << "no viewers are told of it";
  const auto skipped = night(kScenarios + "tiers/origin.yaml");
  EXPECT_EQ(skipped.exit, Exit::kUsage);
  EXPECT_THAT(skipped.err, HasSubstr("spec.upstreamRef.name: is to be live-origin"));
}

TEST(ScenarioFile, WantsConnectionsOfGatewaysThatHaveACapacityOfThem) {
  const auto night = [](const std::string& pool, const std::string& connections) {
    return run(
        {"simulate",
         written("gateways.yaml",
                 "apiVersion: edgetide.io/v1alpha1\nkind: Scenario\nspec:\n"
                 "  title: Gateways\n  start: \"2026-05-13T19:00:00Z\"\n"
                 "  durationMinutes: 10\n  pool: " +
                     kScenarios + pool +
                     "\n  audience: {primeTimeViewers: 1k, connections: " + connections + "}\n"),
         "-o", "json"});
  };
  const auto lived = night("gateway/gateway.yaml", "{stayMinutes: 5}");
  ASSERT_EQ(lived.exit, Exit::kOk) << lived.err;
  const double most = nlohmann::json::parse(lived.out)["runs"][0]["mostHandshakesPerSecond"];
  EXPECT_NEAR(most, 2 * 750 / 300., 2);
  EXPECT_THAT(night("pool.yaml", "{}").err,
              HasSubstr("spec.capacity: connections or handshakesPerSecond is required"));
  const auto refused =
      night("gateway/gateway.yaml", "{perViewer: 0, handshakesPerArrival: 101, stayMinutes: 1441}");
  EXPECT_EQ(refused.exit, Exit::kUsage);
  for (const char* problem : {"spec.audience.connections.perViewer: 0",
                              "spec.audience.connections.handshakesPerArrival: 101",
                              "spec.audience.connections.stayMinutes: 1441"})
    EXPECT_THAT(refused.err, HasSubstr(problem));
}

TEST(ScenarioFile, NamesEveryMistakeWithItsPlace) {
  const std::string path = written("night.yaml", R"(apiVersion: edgetide.io/v1alpha1
kind: Scenario
spec:
  title: A night
  start: tomorrow
  durationMinutes: 0
  pool: pool.yaml
  audience: {primeTimeViewers: -3}
  faults:
  - {kind: Earthquake, start: "2026-05-13T20:00:00Z", durationMinutes: 5}
  - {kind: NodesDrained, start: "2026-05-13T20:00:00Z", durationMinutes: 5}
  - {kind: NodesDrained, start: "2026-05-13T20:00:00Z", durationMinutes: 5,
     percent: 101, maxUnavailablePercent: 0}
  - {kind: Rollout, start: "2026-05-13T20:00:00Z", durationMinutes: 5, percent: 50}
  weather: fine
)");
  const auto outcome = run({"simulate", path});
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  for (const char* problem :
       {"night.yaml:5:3: spec.start", "night.yaml:6:3: spec.durationMinutes: 0",
        "night.yaml:8:14: spec.audience.primeTimeViewers",
        "night.yaml:10:6: spec.faults[0].kind: 'Earthquake' is none of SamplesFrozen",
        "night.yaml:11:5: spec.faults[1].percent", "spec.faults[2].percent: 101",
        "spec.faults[2].maxUnavailablePercent: 0", "spec.faults[3].percent", "spec.weather"}) {
    EXPECT_THAT(outcome.err, HasSubstr(problem));
  }
}

TEST(ScenarioFile, TellsWhereItNamesAFileThatIsNotThere) {
  const std::string path = written("files.yaml", R"(apiVersion: edgetide.io/v1alpha1
kind: Scenario
spec:
  title: Files
  start: "2026-05-13T20:00:00Z"
  durationMinutes: 5
  pool: no-pool.yaml
  calendars: [files.yaml, no-season.csv]
  upstreams: [no-shield.yaml, {pool: no-origin.yaml}]
  audience: {trace: no-days.csv}
)");
  const auto outcome = run({"simulate", path});
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  for (const char* problem :
       {"files.yaml:7:3: spec.pool: 'no-pool.yaml': no such file: ", "/no-pool.yaml",
        "files.yaml:8:27: spec.calendars[1]: 'no-season.csv'",
        "files.yaml:9:15: spec.upstreams[0]: 'no-shield.yaml'",
        "files.yaml:9:32: spec.upstreams[1].pool: 'no-origin.yaml'",
        "files.yaml:10:14: spec.audience.trace: 'no-days.csv'"})
    EXPECT_THAT(outcome.err, HasSubstr(problem));
  EXPECT_THAT(outcome.err, Not(HasSubstr("spec.calendars[0]")));
}

TEST(ScenarioFile, HasNoPlaceForWhatIsOutsideOfTheNight) {
  const auto outcome = run({"simulate", evening_with(kScenarios + "pool.yaml", R"(  audience:
    matches:
    - {start: "2026-05-13T23:00:00Z", viewers: 9k}
    - {start: "2026-03-01T20:00:00Z", viewers: 9k}
    premieres: [{start: "2026-05-14T20:00:00Z", viewers: 9k}]
    primeTime: {viewers: 9k, start: "02:00", durationMinutes: 60}
    retryStorms: [{start: "2027-05-13T20:00:00Z", durationMinutes: 5}]
  zoneLost: {start: "2026-05-13T18:29:00Z", durationMinutes: 25}
  faults:
  - {kind: SourceGone, start: "2026-05-13T23:00:00Z", durationMinutes: 5}
  - {kind: SourceGone, start: "2026-05-13T18:25:00Z", durationMinutes: 5}
)")});
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  EXPECT_EQ(outcome.out, "");
  for (const char* problem :
       {"evening.yaml:10:8: spec.audience.matches[0].start: 2026-05-13T23:00:00Z is outside of the "
        "night: it is to begin before 2026-05-13T23:00:00Z and to end after 2026-03-18T18:30:00Z",
        "evening.yaml:11:8: spec.audience.matches[1].start: 2026-03-01T20:00:00Z",
        "evening.yaml:12:18: spec.audience.premieres[0].start: 2026-05-14T20:00:00Z",
        "spec.audience.primeTime.start: 02:00 for 1h is outside of the night, every day: it is to "
        "be on between 2026-05-13T18:30:00Z and 2026-05-13T23:00:00Z",
        "spec.audience.retryStorms[0].start: 2027-05-13T20:00:00Z",
        "spec.zoneLost.start: 2026-05-13T18:29:00Z is outside of the night: 2026-05-13T18:30:00Z "
        "to "
        "before 2026-05-13T23:00:00Z",
        "spec.faults[0].start: 2026-05-13T23:00:00Z is outside of the night: it is to begin before "
        "2026-05-13T23:00:00Z and to end after 2026-05-13T18:30:00Z",
        "spec.faults[1].start: 2026-05-13T18:25:00Z"})
    EXPECT_THAT(outcome.err, HasSubstr(problem));
}

TEST(ScenarioFile, HasNoPlaceForWhatChangesNothing) {
  const auto outcome = run({"simulate", evening_with(kScenarios + "pool.yaml", R"(  audience:
    primeTimeViewers: 0
    matches: [{start: "2026-05-13T20:00:00Z", viewers: 0}]
    premieres: [{start: "2026-05-13T20:00:00Z"}]
    primeTime: {viewers: 0, durationMinutes: 60, programmeMinutes: 61}
  faults:
  - {kind: ClockAhead, start: "2026-05-13T20:00:00Z", durationMinutes: 5, seconds: 0}
  - {kind: SamplesScaled, start: "2026-05-13T20:00:00Z", durationMinutes: 5, percent: 100}
)")});
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  for (const char* problem :
       {"spec.audience.primeTimeViewers: 0 is not a quantity from 1 to 10G",
        "spec.audience.matches[0].viewers: 0 is not a quantity from 1 to 10G",
        "spec.audience.premieres[0].viewers: required",
        "spec.audience.primeTime.viewers: 0 is not a quantity from 1 to 10G",
        "spec.audience.primeTime.programmeMinutes: 61 is not an integer from 15 to 60",
        "spec.faults[0].seconds: 0 changes nothing; give another from -7200 to 7200",
        "spec.faults[1].percent: 100 changes nothing; give another from 1 to 10000"})
    EXPECT_THAT(outcome.err, HasSubstr(problem));
}

TEST(ScenarioFile, TakesWhatReachesIntoTheNightAndWhatTheForecastLearnsFrom) {
  const auto outcome = run({"simulate", evening_with(kScenarios + "pool.yaml", R"(  audience:
    primeTimeViewers: 9k
    matches:
    - {start: "2026-05-06T20:00:00Z", viewers: 9k}
    - {start: "2026-05-13T18:01:00Z", viewers: 9k}
    primeTime: {viewers: 9k, start: "23:20", durationMinutes: 60}
  faults:
  - {kind: SourceGone, start: "2026-05-13T18:25:00Z", durationMinutes: 6}
)")});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
}

/// Viewers of the evening's first minute, of which a match is the most.
double viewers_at_first(const std::string& path) {
  std::vector<std::string> remarks;
  const auto scenario = read_scenario_file(path, {}, std::nullopt, remarks);
  EXPECT_TRUE(scenario.ok()) << scenario.error().text();
  return scenario->audience.at(scenario->from).count();
}

TEST(ScenarioFile, CountsAMatchUnderWayOnce) {
  const std::string season = written("season.csv",
                                     "start,end,class,name\n"
                                     "2026-05-06T20:00:00Z,2026-05-06T21:50:00Z,match,earlier\n"
                                     "2026-05-13T18:00:00Z,2026-05-13T19:50:00Z,match,tonight\n");
  const std::string calendars = "  calendars: [" + season + "]\n";
  const std::string match =
      "  audience:\n    primeTimeViewers: 1k\n    matches:\n"
      "    - {start: \"2026-05-13T18:01:00Z\", viewers: 90k}\n";
  const std::string pool = kScenarios + "pool.yaml";
  const double alone = viewers_at_first(evening_with(pool, match));
  const std::string past = "    pastEventViewers: 80k\n";
  EXPECT_EQ(viewers_at_first(evening_with(pool, calendars + match + past)), alone);
  const std::string nothing_written = "  audience:\n    primeTimeViewers: 1k\n";
  EXPECT_GT(viewers_at_first(evening_with(pool, calendars + nothing_written + past)), 30'000);
}

TEST(ScenarioFile, KnowsTheNodesOfThosePoolsThatAreDrawnFrom) {
  const auto night = [](const std::string& nodes) {
    return run(
        {"simulate",
         written("tiers.yaml",
                 "apiVersion: edgetide.io/v1alpha1\nkind: Scenario\nspec:\n"
                 "  title: Tiers\n  start: \"2026-05-13T18:30:00Z\"\n"
                 "  durationMinutes: 150\n  pool: " +
                     kScenarios + "tiers/edge.yaml\n  upstreams:\n  - {pool: " + kScenarios +
                     "tiers/shield.yaml, nodes: " + nodes + "}\n  calendars: [" + kScenarios +
                     "final.csv]\n  audience:\n    primeTimeViewers: 45k\n    matches:\n"
                     "    - {start: \"2026-05-13T20:01:00Z\", viewers: 460k}\n"),
         "-o", "json"});
  };
  const auto shortfalls_of = [&](const std::string& nodes) {
    const auto outcome = night(nodes);
    EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err << outcome.out;
    const auto run = nlohmann::json::parse(outcome.out).at("runs")[0];
    return run.at("upstreams")[0].at("shortfalls");
  };
  const auto is_of_nodes = [](const auto& one) { return one.at("cause") == "NodesFull"; };
  EXPECT_TRUE(std::ranges::any_of(shortfalls_of("{room: 3, most: 4}"), is_of_nodes));
  EXPECT_TRUE(std::ranges::none_of(shortfalls_of("{room: 40}"), is_of_nodes));
  const auto refused = night("{room: 0}");
  EXPECT_EQ(refused.exit, Exit::kUsage);
  EXPECT_THAT(refused.err, HasSubstr("spec.upstreams[0].nodes.room: 0"));
  EXPECT_THAT(night("{room: 5, most: 4}").err, HasSubstr("spec.upstreams[0].nodes.most: 4"));
}

}  // namespace
}  // namespace edgetide::cli
