#include "kube/pool_status.h"

#include <gtest/gtest.h>

#include "kube/pause_annotations.h"
#include "unit/kube/codec_cases.h"

namespace edgetide::kube {
namespace {

Instant at(const std::string& text) { return parse_instant(text).value(); }

/// An EdgePool as the API server sends it, with everything that a status can tell.
json::Value told() {
  json::Value pool = read_kind("edgepools").full;
  pool["metadata"]["generation"] = 8;
  pool["status"] = read_contract("status.json")["status"];
  return pool;
}

TEST(PoolStatus, ReadsWhatIsWrittenThere) {
  const PoolStatus status = decode_pool_status(told());
  EXPECT_EQ(status.generation, 8);
  EXPECT_EQ(status.observed_generation, 7);
  EXPECT_EQ(status.decided_at, at("2026-12-05T19:20:00Z"));
  EXPECT_EQ(status.demand.freshness, "Stale");
  EXPECT_EQ(status.demand.viewers, Viewers{61'201});
  EXPECT_EQ(status.demand.at, at("2026-12-05T19:17:00Z"));
  EXPECT_EQ(status.forecast.peak, Viewers{98'001});
  EXPECT_EQ(status.forecast.median, Viewers{80'000});
  EXPECT_EQ(status.forecast.event, "video/final");
  EXPECT_EQ(status.sizing.basis, "Event/video/final");
  EXPECT_EQ(status.sizing.serving, Replicas{50});
  EXPECT_EQ(status.ready, Replicas{40});
  EXPECT_EQ(status.desired, Replicas{52});
  ASSERT_EQ(status.domains.size(), 2u);
  EXPECT_EQ(status.domains[0].starting, Replicas{2});
  EXPECT_EQ(reserve_missing(status), Replicas{24});
  ASSERT_EQ(status.verdicts.size(), 1u);
  EXPECT_EQ(status.verdicts[0].reason, "MaximumReached");
  ASSERT_TRUE(status.shortfall);
  EXPECT_EQ(status.shortfall->required, Replicas{56});
  ASSERT_EQ(status.shortfalls_ahead.size(), 1u);
  EXPECT_EQ(status.shortfalls_ahead[0].missing(), Replicas{20});
  EXPECT_EQ(status.shortfalls_ahead[0].start, at("2026-12-06T19:30:00Z"));
  ASSERT_NE(find_condition(status, "RedundancyMet"), nullptr);
  EXPECT_EQ(find_condition(status, "RedundancyMet")->status, "False");
  EXPECT_EQ(find_condition(status, "Nothing"), nullptr);
  EXPECT_EQ(status.record.leader_epoch, 3);
}

TEST(PoolStatus, OfAPoolThatNobodyHasDecidedUponKnowsNothing) {
  json::Value pool = read_kind("edgepools").full;
  pool.erase("status");
  const PoolStatus status = decode_pool_status(pool);
  EXPECT_EQ(status.observed_generation, 0);
  EXPECT_FALSE(status.decided_at || status.ready || status.desired || status.shortfall);
  EXPECT_FALSE(status.demand.viewers || status.forecast.peak || status.sizing.serving);
  EXPECT_FALSE(reserve_missing(status));
}

TEST(PoolStatus, AnUnknownDomainLeavesTheReserveUnknown) {
  json::Value pool = told();
  pool["status"]["domains"][0] = {{"name", "eu-west-1a"}, {"message", "no such Deployment"}};
  pool["status"].erase("ready");
  const PoolStatus status = decode_pool_status(pool);
  EXPECT_FALSE(status.domains[0].ready);
  EXPECT_EQ(status.domains[0].message, "no such Deployment");
  EXPECT_FALSE(status.ready);
  EXPECT_FALSE(reserve_missing(status));
}

TEST(PoolStatus, PauseIsThatOfTheAnnotationsNotOfTheLastDecision) {
  json::Value pool = told();
  pool["metadata"]["annotations"] = {{kPausedUntil, "2026-12-05T23:00:00Z"},
                                     {kPausedReplicas, "80"}};
  const PoolStatus status = decode_pool_status(pool);
  EXPECT_EQ(status.pause, (model::Pause{at("2026-12-05T23:00:00Z"), Replicas{80}}));
}

TEST(PoolStatus, WhatCannotBeUnderstoodIsLeftOut) {
  json::Value pool = told();
  pool["status"]["ready"] = "many";
  pool["status"]["domains"] = 3;
  pool["status"]["forecast"] = nullptr;
  pool["status"]["time"] = "yesterday";
  const PoolStatus status = decode_pool_status(pool);
  EXPECT_FALSE(status.ready || status.decided_at || status.forecast.peak);
  EXPECT_TRUE(status.domains.empty());
  EXPECT_EQ(status.desired, Replicas{52});
}

}  // namespace
}  // namespace edgetide::kube
