#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Two days of 6,000 viewers.
std::string demand() {
  std::string text = "timestamp,value\n";
  const Instant end = parse_instant("2026-03-05T12:00:00Z").value();
  for (int minute = 2 * 1440; minute >= 0; --minute)
    text += to_string(end - std::chrono::minutes{minute}) + ",6000\n";
  return text;
}

nlohmann::json planned(const std::vector<std::string>& more,
                       const std::string& recorded = demand()) {
  std::vector<std::string> line{"plan", "--demand", written("plan_demand.csv", recorded), "-o",
                                "json"};
  line.insert(line.end(), more.begin(), more.end());
  const auto outcome = run(line);
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  return nlohmann::json::parse(outcome.out)["items"];
}

std::string pool(const std::string& fields) {
  return "apiVersion: edgetide.io/v1alpha1\nkind: EdgePool\n"
         "metadata: {name: live, namespace: video}\n"
         "spec:\n  demand: {sourceRef: {name: video}}\n" +
         fields;
}

std::string sized_by_egress() {
  return written(
      "plan_egress.yaml",
      pool("  failureDomains:\n"
           "  - {name: a, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}}\n"
           "  - {name: b, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: b}}\n"
           "  capacity: {viewers: 2000, egressBitsPerSecond: 4G}\n"
           "  replicas: {min: 2, max: 100}\n"));
}

std::string in_another_namespace() {
  std::string text = pool(
      "  capacity: {viewers: 1000}\n  replicas: {min: 1, max: 9}\n"
      "  failureDomains:\n  - {name: a, scaleTargetRef: {apiVersion: apps/v1, "
      "kind: Deployment, name: a}}\n");
  text.replace(text.find("namespace: video"), 16, "namespace: audio");
  return written("plan_audio.yaml", text);
}

TEST(Plan, OfFilesIsSizedByEgressWhereTheBitrateIsGiven) {
  const auto with_it = planned({"-f", sized_by_egress(), "--bitrate", "5M", "--replicas", "30"})[0];
  EXPECT_EQ(with_it["demand"]["egress"]["value"], 6000 * 5e6);
  EXPECT_EQ(with_it["sizing"]["bindingResource"], "egress");
  for (const auto& verdict : with_it["verdicts"]) EXPECT_NE(verdict["reason"], "DemandInDoubt");
}

TEST(Plan, OfFilesSaysHowTheBitrateIsGiven) {
  const auto outcome =
      run({"plan", "-f", sized_by_egress(), "--demand", written("plan_demand.csv", demand())});
  EXPECT_THAT(outcome.out,
              HasSubstr("egress       unknown: files tell of viewers alone; --bitrate"));
  EXPECT_EQ(run({"plan", "-f", sized_by_egress(), "--bitrate", "fast"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"plan", "-f", sized_by_egress(), "--bitrate", "0"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"plan", "--bitrate", "5M"}).exit, Exit::kUsage);
}

/// A demand that nobody knows is none of 0 viewers.
TEST(Plan, WithoutADemandHoldsAndTellsOfNoSize) {
  const auto outcome = run({"plan", "-f", sized_by_egress()});
  EXPECT_THAT(outcome.out, HasSubstr("the demand is not known, so nothing goes down"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("0 viewers")));
}

/// Whoever has just begun lowers nothing; what stands in files has been looked at for long.
TEST(Plan, OfFilesLowersWhatAnOperatorThatRunsWouldLower) {
  const auto lowered = planned({"-f", sized_by_egress(), "--bitrate", "5M", "--replicas", "30"})[0];
  EXPECT_EQ(lowered["action"], "ScaleDown") << lowered["verdicts"];
  for (const auto& verdict : lowered["verdicts"]) EXPECT_NE(verdict["reason"], "MemoryTooYoung");
}

/// Twice as many watched three quarters of an hour ago, which is within the window.
TEST(Plan, OfFilesRemembersWhatWasWantedWithinTheStabilizationWindow) {
  auto manifest = pool(
      "  failureDomains:\n"
      "  - {name: a, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}}\n"
      "  capacity: {viewers: 1000}\n  redundancy: {survive: None}\n"
      "  replicas: {min: 2, max: 100}\n"
      "  behavior: {scaleDown: {stabilizationWindowSeconds: WINDOW}}\n");
  std::string risen = demand();
  for (int minute = 1; minute <= 75; ++minute)
    risen +=
        to_string(parse_instant("2026-03-05T12:00:00Z").value() + std::chrono::minutes{minute}) +
        (minute <= 30 ? ",20000\n" : ",6000\n");
  const auto kept = [&](const std::string& window) {
    std::string text = manifest;
    text.replace(text.find("WINDOW"), 6, window);
    const auto planned_now =
        planned({"-f", written("plan_window.yaml", text), "--replicas", "28"}, risen)[0];
    return planned_now["desiredReplicas"].get<int>();
  };
  EXPECT_GE(kept("3600"), 27);  // 20,000 at 750 a replica
  EXPECT_LT(kept("60"), 27);
}

TEST(Plan, OfFilesTakesAsFreshWhatTheirSourceDoes) {
  const auto examples = std::string(EDGETIDE_SOURCE_DIR) + "/examples/live-edge";
  const auto viewers = [](const std::string& files, const std::string& at) {
    return planned({"-f", files, "--at", at})[0]["demand"]["viewers"];
  };
  EXPECT_EQ(viewers(examples, "2026-03-05T12:01:30Z")["freshness"], "Fresh");
  const auto stale = viewers(examples, "2026-03-05T12:01:31Z");
  EXPECT_EQ(stale["freshness"], "Stale");
  EXPECT_THAT(stale.dump(), HasSubstr("up to 1m30s old is fresh"));
  EXPECT_EQ(viewers(sized_by_egress(), "2026-03-05T12:10:00Z")["freshness"], "Fresh");
  EXPECT_EQ(viewers(sized_by_egress(), "2026-03-05T12:10:01Z")["freshness"], "Stale");
}

TEST(Plan, AShieldDoesNotGetTheViewersOfTheEdge) {
  const auto tiers = std::string(EDGETIDE_SOURCE_DIR) + "/examples/tiers";
  const auto items = planned({"-f", tiers, "--bitrate", "5M"});
  ASSERT_EQ(items.size(), 2u);
  const auto& edge = items[0];
  const auto& shield = items[1];
  ASSERT_EQ(shield["pool"]["name"], "live-shield");
  EXPECT_EQ(edge["demand"]["viewers"]["value"], 6000);
  EXPECT_EQ(shield["demand"]["viewers"]["freshness"], "Missing");
  EXPECT_GT(shield["drawnBitsPerSecond"]["total"], 6000 * 5e6 * 0.04);
}

TEST(Plan, OfOneWorkloadInFilesPromisesNothingOfALossAndSaysSo) {
  const auto spread = std::string(EDGETIDE_SOURCE_DIR) + "/examples/spread";
  const auto demand_file = written("plan_demand.csv", demand());
  const auto outcome = run({"plan", "-f", spread, "--demand", demand_file});
  EXPECT_EQ(outcome.exit, Exit::kOk);
  EXPECT_THAT(outcome.err,
              HasSubstr("video/live-edge: files do not tell in which failure domains"));
  EXPECT_THAT(outcome.out, HasSubstr("Unknown  SpreadUnknown"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("a loss leaves")));
  EXPECT_FALSE(planned({"-f", spread})[0]["sizing"].contains("survivingReplicas"));
  EXPECT_TRUE(planned({"-f", sized_by_egress()})[0]["sizing"].contains("survivingReplicas"));
  EXPECT_THAT(run({"plan", "-f", sized_by_egress()}).err, Not(HasSubstr("failure domains")));
}

TEST(Plan, OfOneWorkloadInFilesCountsTheZonesThatAreTold) {
  const auto spread = std::string(EDGETIDE_SOURCE_DIR) + "/examples/spread";
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"-f", spread});
    return planned(more)[0];
  };
  const auto told = with({"--zones", "3"});
  const int survivors = told["sizing"]["survivingReplicas"];
  const int total = told["sizing"]["replicasWithRedundancy"];
  EXPECT_GE(survivors, 6);  // 6,000 viewers at 1,500 a replica, and two to spare
  EXPECT_EQ(total, survivors + (survivors + 1) / 2);
  const auto& zones = told["domains"][0]["failureDomains"];
  ASSERT_EQ(zones.size(), 3u);
  EXPECT_EQ(zones[0]["name"], "zone-1");
  for (const auto& zone : zones) EXPECT_EQ(zone["ready"], 2) << "of replicas.min";
  EXPECT_EQ(with({"--zones", "3", "--max-skew", "3"})["sizing"]["replicasWithRedundancy"],
            total + 2);
  const auto outcome =
      run({"plan", "-f", spread, "--zones", "3", "--demand", written("plan.csv", demand())});
  EXPECT_THAT(outcome.err, Not(HasSubstr("failure domains")));
  EXPECT_THAT(outcome.out, Not(HasSubstr("SpreadUnknown")));
  EXPECT_THAT(run({"plan", "-f", sized_by_egress(), "--zones", "3"}).err,
              HasSubstr("no pool has a spec.topologyKey"));
  EXPECT_THAT(run({"plan", "--zones", "3"}).err, HasSubstr("--zones needs pools from files"));
}

TEST(Plan, SaysThatWhatStandsIsAssumed) {
  const auto told = HasSubstr("edgetide: without --replicas each pool is taken to run its");
  EXPECT_THAT(run({"plan", "-f", sized_by_egress()}).err, told);
  EXPECT_THAT(run({"plan", "-f", sized_by_egress(), "--replicas", "9"}).err, Not(told));
}

TEST(Plan, SaysThatMoreIsToldToStandThanADomainMayHold) {
  const auto told = HasSubstr("--replicas: 100000 in each domain are more than the ");
  EXPECT_THAT(run({"plan", "-f", sized_by_egress(), "--replicas", "100000"}).err, told);
  EXPECT_THAT(run({"plan", "-f", sized_by_egress(), "--replicas", "9"}).err,
              Not(HasSubstr("--replicas")));
}

/// A recording of long ago is planned for as of its end, and says how long ago that was.
TEST(Plan, OfAnOldRecordingSaysOnceWhenItEndedAndHowLongAgo) {
  const std::string recorded =
      "timestamp,value\n1998-06-24T23:58:00Z,20332\n"
      "1998-06-24T23:59:00Z,21291\n";
  const std::vector<std::string> line{"plan", "-f", sized_by_egress(), "--demand",
                                      written("plan_old.csv", recorded)};
  const auto then = run(line);
  EXPECT_THAT(then.err, testing::ContainsRegex(
                            "edgetide: as of 1998-06-24T23:59:00Z, the last sample of --demand, "
                            "[0-9]+ years ago; --at names another moment\n"));
  auto now = line;
  now.insert(now.end(), {"--at", "2026-06-24T00:00:00Z"});
  const auto told = run(now);
  EXPECT_THAT(told.err, Not(HasSubstr("as of")));
  EXPECT_THAT(told.out,
              HasSubstr("viewers      21,291 (Stale, 27 years old: the last sample is of\n"
                        "           1998-06-24T23:59:00Z, and up to 10m old is fresh)"));
  EXPECT_THAT(told.out, HasSubstr("the 21,291 viewers last read need"));
  EXPECT_THAT(told.out, Not(HasSubstr("this moment")));
  EXPECT_THAT(told.out, Not(testing::ContainsRegex("[0-9]h[0-9]*m? old")));
}

TEST(Plan, OfABareNameFindsThePoolInTheFiles) {
  const auto one = run({"plan", "live", "-f", sized_by_egress()});
  EXPECT_EQ(one.exit, Exit::kOk) << one.err;
  EXPECT_THAT(one.out, testing::StartsWith("video/live "));
  EXPECT_EQ(run({"plan", "live", "-n", "video", "-f", sized_by_egress()}).exit, Exit::kOk);
  EXPECT_EQ(run({"plan", "live", "-n", "audio", "-f", sized_by_egress()}).exit, Exit::kNotFound);
  const auto two = run({"plan", "live", "-f", sized_by_egress(), "-f", in_another_namespace()});
  EXPECT_EQ(two.exit, Exit::kUsage);
  EXPECT_THAT(two.err, HasSubstr("'live' is a pool of several namespaces; name one as "));
}

TEST(Plan, OfFieldsAloneSaysThatWholeObjectsAreMeant) {
  const auto outcome = run({"plan", "-f", written("bare.yaml", "capacity: {viewers: 100}\n")});
  EXPECT_THAT(outcome.err, HasSubstr("bare.yaml:1:1: object: kind: required, as of whole objects"));
}

TEST(Plan, OfAFileThatIsNotThereSaysNotFound) {
  const auto outcome = run({"plan", "-f", "nope.yaml"});
  EXPECT_EQ(outcome.exit, Exit::kNotFound);
  EXPECT_THAT(outcome.err, HasSubstr("nope.yaml: no such file or folder"));
}

TEST(Plan, FitsEightyColumnsAndTellsOfAShortfallOnce) {
  const auto outcome = run({"plan", "-f", sized_by_egress(), "--demand",
                            written("plan_demand.csv", demand()), "--bitrate", "5M"});
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

}  // namespace
}  // namespace edgetide::cli
