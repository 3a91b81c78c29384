#include "kube/pool_file.h"

#include <gmock/gmock.h>

namespace edgetide::kube {
namespace {

using testing::HasSubstr;

constexpr const char* kFields =
    "failureDomains: [{name: a}, {name: b, maxReplicas: 7}]\n"
    "capacity: {viewers: 1147.5, targetUtilizationPercent: 100}\n"
    "replicas: {max: 500}\n";

std::string indented(const std::string& text) {
  std::string result;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    result += "  " + text.substr(from, end + 1 - from);
    from = end + 1;
  }
  return result;
}

Result<model::EdgePool> read(const std::string& text, const std::vector<std::string>& sets = {}) {
  return read_lone_pool(text, "POOL.yaml", sets, nullptr);
}

std::string problem(const std::string& text, const std::vector<std::string>& sets = {}) {
  const auto pool = read(text, sets);
  return pool.ok() ? "accepted" : pool.error().text();
}

TEST(LonePool, NeedsDomainsCapacityAndReplicasInWhateverFrame) {
  const std::string spec = "spec:\n" + indented(kFields);
  for (const std::string& text :
       {std::string(kFields), spec,
        "apiVersion: edgetide.io/v1alpha1\nkind: EdgePool\nmetadata: {name: pool}\n" + spec}) {
    const auto pool = read(text);
    ASSERT_TRUE(pool.ok()) << text << pool.error().text();
    EXPECT_EQ(pool->key.text(), "default/pool");
    ASSERT_EQ(pool->domains.size(), 2U);
    EXPECT_EQ(pool->domains[1].max_replicas, Replicas{7});
    EXPECT_EQ(pool->capacity.viewers, Viewers{1147.5});
    EXPECT_EQ(pool->replicas.max, Replicas{500});
    EXPECT_EQ(pool->lead_time, Seconds{300});
    EXPECT_DOUBLE_EQ(pool->confidence, .995);
    EXPECT_EQ(pool->behavior.scale_down.stabilization_window, Seconds{120});
    EXPECT_EQ(pool->redundancy.survive, model::Survive::kFailureDomain);
  }
}

TEST(LonePool, IsTheOnlyPoolAmongOtherDocuments) {
  const std::string other = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n";
  EXPECT_TRUE(read(kFields + other).ok());
  EXPECT_THAT(problem(other), HasSubstr("POOL.yaml: no EdgePool"));
  EXPECT_THAT(problem(std::string(kFields) + "---\n" + kFields), HasSubstr("more than one"));
  EXPECT_THAT(problem(""), HasSubstr("no EdgePool"));
  EXPECT_THAT(problem("- 1\n"), HasSubstr("no EdgePool"));
}

TEST(LonePool, ProblemsNameTheirPlaceInTheFile) {
  EXPECT_THAT(problem("failureDomains: [{name: a}]\ncapacity: {viewers: 10}\nreplicas: {max: 0}\n"),
              HasSubstr("POOL.yaml:3:12: spec.replicas.max: 0 is not"));
  EXPECT_THAT(problem("failureDomains: [{name: a}]\nreplicas: {max: 5}\n"),
              HasSubstr("spec.capacity: required"));
  EXPECT_THAT(problem("failureDomains: []\ncapacity: {viewers: 10}\nreplicas: {max: 5}\n"),
              HasSubstr("0 items; 1 to 16 are legal"));
}

TEST(LonePool, OverridesAreStrongerAndHeldToTheSameRules) {
  const auto pool = read(kFields, {"spec.forecast.confidencePercent=99.9", "spec.replicas.max=40",
                                   "spec.failureDomains[1].maxReplicas=9"});
  ASSERT_TRUE(pool.ok()) << pool.error().text();
  EXPECT_DOUBLE_EQ(pool->confidence, .999);
  EXPECT_EQ(pool->replicas.max, Replicas{40});
  EXPECT_EQ(pool->domains[1].max_replicas, Replicas{9});

  const std::string text = problem(kFields, {"spec.forecast.confidencePercent=200"});
  EXPECT_THAT(text, HasSubstr("--set spec.forecast.confidencePercent=200: "));
  EXPECT_THAT(text, HasSubstr("50"));
  EXPECT_THAT(text, HasSubstr("99.999"));
  EXPECT_THAT(problem(kFields, {"spec.forcast.confidencePercent=99"}),
              HasSubstr("--set spec.forcast.confidencePercent=99: spec.forcast: unknown field; did "
                        "you mean forecast?"));
  EXPECT_THAT(problem(kFields, {"spec.replicas=3"}), HasSubstr("--set spec.replicas=3: "));
  EXPECT_THAT(problem(kFields, {"spec.replicas.max.x=3"}), HasSubstr("no place for 'x'"));
  EXPECT_THAT(problem(kFields, {"spec.failureDomains[9].name=x"}), HasSubstr("no place for '[9]'"));
  EXPECT_THAT(problem(kFields, {"spec.failureDomains[].name=x"}), HasSubstr("no place for '[]'"));
  for (const char* no_field : {"", "=", "spec", "=3"}) {
    EXPECT_THAT(problem(kFields, {no_field}), HasSubstr("is not FIELD=VALUE")) << no_field;
  }
  EXPECT_THAT(problem(kFields, {".=1"}), HasSubstr("no place for ''"));
  EXPECT_EQ(problem(kFields, {"replicas.max=3"}),
            "--set replicas.max=3: no field of an EdgePool; did you mean spec.replicas.max?");
  EXPECT_THAT(problem(kFields, {"foo.max=3"}), HasSubstr("foo: unknown field"));
}

TEST(LonePool, WhatMayBeLeftOutMustBeWholeWhereItStands) {
  EXPECT_THAT(problem(std::string(kFields) + "demand: {sourceRef: {}}\n"),
              HasSubstr("spec.demand.sourceRef.name: required"));
}

TEST(LonePool, SaysWhatAViewerOpensWithoutASource) {
  const auto pool = read(std::string(kFields) + "demand: {handshakesPerArrival: 3}\n");
  ASSERT_TRUE(pool.ok()) << pool.error().text();
  EXPECT_EQ(pool->demand.handshakes_per_arrival, 3);
}

}  // namespace
}  // namespace edgetide::kube
