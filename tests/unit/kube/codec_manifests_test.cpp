#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/manifests.h"

namespace edgetide::kube {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Manifests read(std::string_view text) {
  Manifests manifests;
  add_manifests(manifests, text, "pools.yaml", "video", nullptr);
  return manifests;
}

constexpr std::string_view kPool = R"(apiVersion: edgetide.io/v1alpha1
kind: EdgePool
metadata: {name: live}
spec:
  failureDomains:
  - name: a
    scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: edge-a}
  demand: {sourceRef: {name: video}}
  capacity: {viewers: 2k}
  replicas:
    min: 6
    max: 60
)";

/// The pool with one text in place of another.
std::string pool_with(std::string_view from, std::string_view to) {
  std::string text{kPool};
  return text.replace(text.find(from), from.size(), to);
}

TEST(Manifests, OfTheTiersDrawFromEachOther) {
  Manifests manifests;
  const std::string folder = std::string{EDGETIDE_SOURCE_DIR} + "/examples/tiers/";
  for (const char* file : {"10-metric-source.yaml", "20-shield-pool.yaml", "30-edge-pool.yaml"})
    add_manifest_file(manifests, folder + file, "default", nullptr);
  EXPECT_THAT(manifests.problems, IsEmpty());
  ASSERT_EQ(manifests.pools.size(), 2u);
  EXPECT_EQ(manifests.pools[1].upstream.value().name, manifests.pools[0].key.name);
  EXPECT_LT(manifests.pools[1].tier, manifests.pools[0].tier);
}

TEST(Manifests, OfTheExampleAreAllUnderstood) {
  Manifests manifests;
  const std::string folder = std::string{EDGETIDE_SOURCE_DIR} + "/examples/live-edge/";
  for (const char* file : {"00-namespace.yaml", "10-deployments.yaml", "20-metric-source.yaml",
                           "30-edge-pool.yaml", "40-stream-events.yaml"}) {
    add_manifest_file(manifests, folder + file, "default", nullptr);
  }
  EXPECT_THAT(manifests.problems, IsEmpty());
  EXPECT_THAT(manifests.skipped,
              ElementsAre("v1 Namespace video", "apps/v1 Deployment edge-1a",
                          "apps/v1 Deployment edge-1b", "apps/v1 Deployment edge-1c"));
  ASSERT_EQ(manifests.pools.size(), 1u);
  EXPECT_EQ(manifests.pools[0].key.text(), "video/live-edge");
  EXPECT_EQ(manifests.pools[0].domains.size(), 3u);
  ASSERT_EQ(manifests.events.size(), 2u);
  EXPECT_TRUE(manifests.events[0].pools.matches(manifests.pools[0].labels));
  ASSERT_EQ(manifests.sources.size(), 1u);
  EXPECT_EQ(manifests.sources[0].name, manifests.pools[0].demand.source);
}

TEST(Manifests, AnObjectWithoutANamespaceGetsTheOneGiven) {
  const Manifests manifests = read(kPool);
  ASSERT_THAT(manifests.problems, IsEmpty());
  EXPECT_EQ(manifests.pools.at(0).key.text(), "video/live");
}

TEST(Manifests, ProblemsNameTheirPlace) {
  EXPECT_THAT(read(pool_with("max: 60", "max: 3")).problems,
              ElementsAre("pools.yaml:12:5: EdgePool live: spec.replicas.max: 3 is below "
                          "spec.replicas.min 6"));
  EXPECT_THAT(read(pool_with("min: 6", "mim: 6")).problems,
              ElementsAre("pools.yaml:11:5: EdgePool live: spec.replicas.mim: unknown field; did "
                          "you mean min?"));
  // What is absent is missed where it should stand.
  EXPECT_THAT(read(pool_with("name: edge-a", "")).problems,
              ElementsAre("pools.yaml:7:5: EdgePool live: "
                          "spec.failureDomains[0].scaleTargetRef.name: required"));
}

TEST(Manifests, OfWhichOneIsWrongKeepTheOthers) {
  const Manifests manifests =
      read(pool_with("live", "first") + "---\n" + pool_with("max: 60", "max: 3") + "---\n" +
           pool_with("live", "third"));
  EXPECT_EQ(manifests.problems.size(), 1u);
  ASSERT_EQ(manifests.pools.size(), 2u);
  EXPECT_EQ(manifests.pools[1].key.name, "third");
}

TEST(Manifests, ListsAreUnfolded) {
  const Manifests manifests = read(R"(apiVersion: v1
kind: List
items:
- apiVersion: edgetide.io/v1alpha1
  kind: MetricSource
  metadata: {name: video}
  spec:
    url: http://prometheus:9090
    allowedNamespaces: [video]
    queries: {viewers: sum(player_sessions)}
- apiVersion: edgetide.io/v1alpha1
  kind: StreamEvent
  metadata: {name: final}
  spec: {start: 2026-12-05T20:00, durationMinutes: 115, pools: {}}
)");
  EXPECT_EQ(manifests.sources.size(), 1u);
  EXPECT_THAT(
      manifests.problems,
      ElementsAre("pools.yaml:14:10: StreamEvent final: spec.start: \"2026-12-05T20:00\" "
                  "is not a moment such as \"2026-12-05T20:00:00\", with or without Z or an "
                  "offset"));
}

TEST(Manifests, TheSameObjectTwiceIsAProblem) {
  Manifests manifests = read(kPool);
  add_manifests(manifests, kPool, "again.yaml", "video", nullptr);
  EXPECT_EQ(manifests.pools.size(), 1u);
  EXPECT_THAT(manifests.problems, ElementsAre("again.yaml:3:12: EdgePool live: metadata.name: "
                                              "\"live\" was there before"));
  add_manifests(manifests, kPool, "elsewhere.yaml", "staging", nullptr);
  EXPECT_EQ(manifests.pools.size(), 2u);
}

TEST(Manifests, OfUnknownKindsOfOursAreProblems) {
  EXPECT_THAT(
      read(pool_with("EdgePool", "EgdePool")).problems,
      ElementsAre("pools.yaml:2:1: EgdePool live: kind: \"EgdePool\" is none of EdgePool, "
                  "StreamEvent, EventClass, EventCalendar, MetricSource; did you mean EdgePool?"));
  EXPECT_THAT(read("kind: EdgePool\n").problems,
              ElementsAre("pools.yaml:1:1: EdgePool: apiVersion: required"));
  EXPECT_EQ(read(pool_with("v1alpha1", "v2")).problems.size(), 1u);
}

TEST(Manifests, ThatAreNoYamlOrNoFileAreProblems) {
  EXPECT_EQ(read("a: [").problems.size(), 1u);
  EXPECT_FALSE(read("- 1\n- 2\n").problems.empty());
  Manifests manifests;
  add_manifest_file(manifests, "/no/such/file.yaml", "default", nullptr);
  EXPECT_EQ(manifests.problems.size(), 1u);
}

}  // namespace
}  // namespace edgetide::kube
