#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "unit/cli/backtest_three_days.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

TEST(Backtest, SaysWhatIsWrong) {
  const std::vector<Slip> slips = {
      {{"--set", "spec.forecast.confidencePercent=200"}, "50 to 99.999"},
      {{"--set", "spec.replica.max=3"}, "did you mean replicas?"},
      {{"--policy", "hpaa"}, "--policy: policy 'hpaa' is not one of"},
      {{"--from", "yesterday"}, "--from: 'yesterday' is not a time"},
      {{"--from", "2027-01-01T00:00:00Z"}, "nothing is recorded then"},
      {{"--from", "2026-03-03T00:00:00Z", "--to", "2026-03-03T00:00:00Z"}, "is not after --from"},
      {{"--lead", "3h"}, "is not a duration from 1s to 2h"},
      {{"--lead", "5"}, "'5' of what? A duration has a unit, such as 5m or 5s"},
      {{"--bitrate", "4.2"}, "--bitrate: 4.2 is 4.2 bit/s; a viewer takes 1k at least"},
      {{"--series", "absent.csv"}, "absent.csv", Exit::kNotFound},
      {{"--calendar", "absent.csv"}, "absent.csv", Exit::kNotFound},
      {{"--series", written("empty.csv", "timestamp,value\n2026-03-01T00:00:00Z,-1\n")},
       "empty.csv:2:22: value: \"-1\" is not a number from 0"},
      {{"--decisions", "/absent/out.csv"}, "/absent/out.csv: cannot be written", Exit::kFailed},
  };
  expect_refused(slips, backtest);
  auto by_egress = backtest();
  by_egress[6] = written("egress.yaml",
                         "failureDomains: [{name: a}]\n"
                         "capacity: {egressBitsPerSecond: 8G}\n"
                         "replicas: {max: 5}\n");
  EXPECT_THAT(run(by_egress).err, HasSubstr("spec.capacity.viewers: required"));
  by_egress.insert(by_egress.end(), {"--bitrate", "5M"});
  EXPECT_EQ(run(by_egress).exit, Exit::kOk);
  EXPECT_THAT(run({"backtest"}).err, HasSubstr("--pool: required"));
  EXPECT_THAT(run({"backtest", "--pool", written("pool.yaml", kPool)}).err,
              HasSubstr("--series: required"));
}

TEST(Backtest, SaysInJsonWhatCannotBeWritten) {
  for (const char* option : {"--decisions", "--report"}) {
    const auto failed = run(backtest({option, "/absent/out", "-o", "json"}));
    EXPECT_EQ(failed.exit, Exit::kFailed);
    EXPECT_EQ(nlohmann::json::parse(failed.err)["message"], "/absent/out: cannot be written");
  }
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

TEST(Backtest, SaysThatAScheduleHasTooLittleToBeWrittenBy) {
  EXPECT_THAT(run(backtest({"--policy", "edgetide,schedule"})).err,
              HasSubstr("of which nothing is recorded: it stands at what the first minute needs"));
  EXPECT_THAT(run(backtest({"--policy", "schedule", "--from", "2026-03-03T00:00:00Z"})).err,
              HasSubstr("of which 24h are recorded: its result says little"));
  EXPECT_THAT(run(backtest()).err, testing::Not(HasSubstr("schedule")));
}

TEST(Backtest, PromisesNothingOfALossWhereTheSchedulerSpreads) {
  const auto spread = written("spread_pool.yaml",
                              "topologyKey: topology.kubernetes.io/zone\n"
                              "capacity: {viewers: 100}\nreplicas: {max: 1000}\n");
  const auto outcome =
      run({"backtest", "--series", written("series.csv", three_days(0, 3)), "--pool", spread});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("no reserve for the loss of a failure domain is kept"));
  EXPECT_THAT(outcome.err, HasSubstr("--zones says over how many"));
}

TEST(Backtest, ReckonsWithTheZonesThatAreTold) {
  const auto spread = written("spread_pool.yaml",
                              "topologyKey: topology.kubernetes.io/zone\n"
                              "capacity: {viewers: 100}\nreplicas: {max: 1000}\n");
  const auto told = [&](const std::vector<std::string>& more) {
    std::vector<std::string> line{"backtest", "--series", written("series.csv", three_days(0, 3)),
                                  "--pool",   spread,     "-o",
                                  "json",     "--from",   "2026-03-04T00:00:00Z"};
    line.insert(line.end(), more.begin(), more.end());
    const auto outcome = run(line);
    EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
    EXPECT_EQ(outcome.err.find("no reserve") == std::string::npos, !more.empty()) << outcome.err;
    return nlohmann::json::parse(outcome.out);
  };
  const auto unknown = told({});
  const auto known = told({"--zones", "3"});
  const double bare = unknown["clairvoyantReplicaMinutes"];
  EXPECT_EQ(unknown["clairvoyantWithReserveReplicaMinutes"], bare);
  EXPECT_GE(known["clairvoyantWithReserveReplicaMinutes"], 1.5 * bare);
  EXPECT_GT(known["policies"][0]["replicaMinutes"],
            1.3 * unknown["policies"][0]["replicaMinutes"].get<double>());
}

TEST(Backtest, ZonesAreThoseOfOneWorkload) {
  EXPECT_THAT(run(backtest({"--zones", "3"})).err, HasSubstr("no pool has a spec.topologyKey"));
  EXPECT_THAT(run(backtest({"--max-skew", "2"})).err, HasSubstr("needs --zones"));
  EXPECT_THAT(run(backtest({"--zones", "1"})).err, HasSubstr("--zones"));
}

}  // namespace
}  // namespace edgetide::cli
