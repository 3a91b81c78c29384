#include <gtest/gtest.h>
#include <simdjson.h>

#include "json/json.h"
#include "kube/pool_repository.h"
#include "pool_object.h"

namespace edgetide::kube {
namespace {

KeptPool decoded(const json::Value& object, const KeptPool* before = nullptr,
                 bool status_is_ours = true) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text(json::dump(object));
  return decode_kept_pool(parser.parse(text).value(), before,
                          {.local_time = utc_only(), .status_is_ours = status_is_ours})
      .value();
}

TEST(KeptPool, AnInvalidVersionLeavesTheLastGoodOne) {
  const auto first = decoded(pool_object(1, 6, 20));
  ASSERT_NE(first.good, nullptr);
  const auto second = decoded(pool_object(2, 6, 3), &first);
  EXPECT_EQ(second.good, first.good);
  EXPECT_EQ(second.good->replicas.max, Replicas{20});
  ASSERT_EQ(second.problems.size(), 1u);
  EXPECT_NE(second.problems[0].find("spec.replicas"), std::string::npos) << second.problems[0];
  const auto third = decoded(pool_object(3, 6, 30), &second);
  EXPECT_TRUE(third.problems.empty());
  EXPECT_EQ(third.good->replicas.max, Replicas{30});
}

TEST(KeptPool, APoolThatWasNeverUsableHasNoVersion) {
  const auto refused = decoded(pool_object(1, 6, 3));
  EXPECT_EQ(refused.good, nullptr);
  EXPECT_FALSE(refused.problems.empty());
}

TEST(KeptPool, NewsOfTheStatusAloneIsNotReadAgain) {
  const auto first = decoded(pool_object(1, 6, 20));
  EXPECT_EQ(decoded(pool_object(1, 6, 20), &first).good, first.good);
  auto relabelled = pool_object(1, 6, 20);
  relabelled["metadata"]["labels"]["service"] = "vod";
  const auto second = decoded(relabelled, &first);
  EXPECT_NE(second.good, first.good);
  EXPECT_EQ(second.good->labels.at("service"), "vod");
}

TEST(KeptPool, APauseIsNewsThoughTheGenerationStaysAndHoldsForTheLastGoodVersion) {
  const auto first = decoded(pool_object(1, 6, 20));
  auto paused = pool_object(1, 6, 20);
  auto& annotations = paused["metadata"]["annotations"];
  annotations = {{"edgetide.io/paused-until", "2026-12-05T22:00:00Z"},
                 {"edgetide.io/paused-replicas", "9"}};
  const auto second = decoded(paused, &first);
  EXPECT_EQ(second.good->pause,
            (model::Pause{*parse_instant("2026-12-05T22:00:00Z"), Replicas{9}}));
  EXPECT_EQ(first.good->pause, std::nullopt);
  paused["metadata"]["generation"] = 2;
  paused["spec"]["replicas"]["max"] = 3;
  annotations["edgetide.io/paused-replicas"] = "none";
  const auto third = decoded(paused, &second);
  EXPECT_FALSE(third.problems.empty());
  EXPECT_EQ(third.good->replicas.max, Replicas{20});
  EXPECT_EQ(third.good->pause, std::nullopt);
  EXPECT_EQ(third.good->pause_problem,
            "metadata.annotations[edgetide.io/paused-replicas]: 'none' is not an integer from 1 to "
            "100000");
}

TEST(KeptPool, WhatAnotherReplicaWritesIsReadByOneThatStandsBy) {
  const auto first = decoded(pool_object(1, 6, 20));
  auto written = pool_object(1, 6, 20);
  written["status"]["leaderEpoch"] = 7;
  EXPECT_EQ(decoded(written, &first).record.leader_epoch, 0);
  const auto followed = decoded(written, &first, false);
  EXPECT_EQ(followed.record.leader_epoch, 7);
  EXPECT_EQ(followed.good, first.good);
}

}  // namespace
}  // namespace edgetide::kube
