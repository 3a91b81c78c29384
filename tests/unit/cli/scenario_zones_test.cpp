#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "unit/cli/final_night.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

/// A pool of one workload.
std::string spread_pool() {
  return written("spread.yaml", R"(apiVersion: edgetide.io/v1alpha1
kind: EdgePool
metadata: {name: edge, namespace: video}
spec:
  topologyKey: topology.kubernetes.io/zone
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: edge}
  demand: {sourceRef: {name: video}}
  capacity: {viewers: 2500, targetUtilizationPercent: 75}
  replicas: {min: 6, max: 210}
)");
}

constexpr const char* kSomeViewers = "  audience: {primeTimeViewers: 20k}\n";
constexpr const char* kZoneLost =
    "  zoneLost: {start: \"2026-05-13T20:20:00Z\", durationMinutes: 25}\n";

TEST(ScenarioZones, KeepsNoReserveWhereNobodyTellsOverHowManyZonesTheSchedulerSpreads) {
  const auto lived = run({"simulate", evening_with(spread_pool(), kSomeViewers), "--seeds", "2"});
  EXPECT_EQ(lived.exit, Exit::kOk) << lived.out;
  EXPECT_EQ(lived.err,
            "edgetide: video/edge: the scheduler spreads its replicas (spec.topologyKey), and the "
            "scenario does not tell over how many zones: no reserve for the loss of a failure "
            "domain is kept or judged\n");
  const auto refused =
      run({"simulate", evening_with(spread_pool(), std::string(kSomeViewers) + kZoneLost)});
  EXPECT_EQ(refused.exit, Exit::kUsage);
  EXPECT_THAT(refused.err, HasSubstr("evening.yaml:9:3: spec.zoneLost: the scheduler spreads "
                                     "video/edge (spec.topologyKey)"));
  EXPECT_EQ(refused.out, "");
}

TEST(ScenarioZones, LosesAZoneOfThoseThatTheSchedulerSpreadsOver) {
  const std::string night = std::string(kSomeViewers) + kZoneLost;
  const auto cost_of = [&](const std::string& zones) {
    const auto outcome =
        run({"simulate", evening_with(spread_pool(), zones + night), "-o", "json"});
    EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.out;
    EXPECT_EQ(outcome.err, "");
    return nlohmann::json::parse(outcome.out).at("runs")[0].at("replicaMinutes").get<double>();
  };
  EXPECT_LT(cost_of("  zones: 4\n"), cost_of("  zones: 2\n"));
  EXPECT_LT(cost_of("  zones: 4\n"), cost_of("  zones: 4\n  maxSkew: 9\n"));
}

TEST(ScenarioZones, NamesWhatIsWrongWithItsZones) {
  for (const auto& [zones, problem] :
       {std::pair{"  zones: 1\n", "evening.yaml:8:3: spec.zones: 1 is not an integer from 2 to 16"},
        {"  zones: three\n", "evening.yaml:8:3: spec.zones: "},
        {"  zones: 3\n  maxSkew: 0\n",
         "evening.yaml:9:3: spec.maxSkew: 0 is not an integer from 1 to 1000"},
        {"  maxSkew: 2\n", "evening.yaml:8:3: spec.maxSkew: needs zones beside it"}}) {
    const auto outcome =
        run({"simulate", evening_with(spread_pool(), zones + std::string(kSomeViewers))});
    EXPECT_EQ(outcome.exit, Exit::kUsage);
    EXPECT_THAT(outcome.err, HasSubstr(problem));
  }
  const auto own = run({"simulate", evening_with(kScenarios + "pool.yaml",
                                                 std::string("  zones: 3\n") + kSomeViewers)});
  EXPECT_EQ(own.exit, Exit::kUsage);
  EXPECT_THAT(own.err, HasSubstr("evening.yaml:8:3: spec.zones: "));
  EXPECT_THAT(own.err, HasSubstr("has no spec.topologyKey"));
}

TEST(ScenarioZones, OfUpstreamsAreToldBesideThem) {
  const std::string upstreams = "  upstreams:\n  - {pool: " + kScenarios +
                                "tiers/shield.yaml, zones: 3}\n  - " + kScenarios +
                                "tiers/origin.yaml\n";
  const auto outcome =
      run({"simulate", evening_with(kScenarios + "tiers/edge.yaml", upstreams + kSomeViewers)});
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  EXPECT_THAT(outcome.err,
              testing::ContainsRegex("evening.yaml:9:[0-9]+: spec.upstreams.0..zones: .* has no "
                                     "spec.topologyKey"));
}

}  // namespace
}  // namespace edgetide::cli
