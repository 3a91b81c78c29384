#include <gtest/gtest.h>

#include "client_listed.h"
#include "kube/cluster.h"
#include "kube/pool_repository.h"
#include "pool_object.h"

namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::FakeTransport;

TEST(Cluster, ARefusedPoolIsToldByItsStatusAndIsNoPlan) {
  FakeTransport::Script script;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(script, json::Value::array({pool_object(4, 6, 3)})), {},
      {.local_time = utc_only(), .now = [] { return Instant{}; }});
  cluster->start();
  ASSERT_TRUE(cluster->wait_until_synced(std::chrono::seconds{5}).ok());
  const ObjectKey key{"video", "live"};
  EXPECT_EQ(cluster->pools().keys(), std::vector<ObjectKey>{key});
  EXPECT_EQ(cluster->pools().find(key).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(cluster->problems(key).size(), 1u);
  ASSERT_TRUE(eventually([&] { return !script.all_sent().empty(); }));
  const auto status = json::parse(script.all_sent().at(0).body).value();
  EXPECT_EQ(json::get_int(status, "status.observedGeneration", 0, 9).value(), 4);
  EXPECT_NE(json::dump(status).find("SpecValid"), std::string::npos);
}

TEST(Cluster, AReplicaThatBeginsToLeadTellsOfRefusedPools) {
  FakeTransport::Script script;
  std::atomic<bool> leads = false;
  auto refused = pool_object(4, 6, 3);
  refused["status"]["leaderEpoch"] = 7;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(script, json::Value::array({refused})), {},
      {.local_time = utc_only(),
       .now = [] { return Instant{}; },
       .write_permit =
           [&] { return leads ? std::optional{std::chrono::milliseconds{1000}} : std::nullopt; },
       .epoch = [] { return 8; }});
  cluster->start();
  ASSERT_TRUE(cluster->wait_until_synced(std::chrono::seconds{5}).ok());
  EXPECT_EQ(cluster->known_epoch(), 7);
  EXPECT_TRUE(script.all_sent().empty());
  leads = true;
  cluster->tell_unusable();
  ASSERT_TRUE(eventually([&] { return !script.all_sent().empty(); }));
  const auto status = json::parse(script.all_sent().at(0).body).value();
  EXPECT_EQ(json::get_int(status, "status.leaderEpoch", 0, 9).value(), 8);
}

TEST(Cluster, ATargetKindThatIsNotServedHoldsUpNobody) {
  FakeTransport::Script script;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(script, json::Value::array({pool_object(1, 1, 3)})), {},
      {.local_time = utc_only(), .writes_status = false});
  cluster->start();
  const auto synced = cluster->wait_until_synced(std::chrono::seconds{5});
  ASSERT_TRUE(synced.ok()) << synced.error().text();
  const auto pool = cluster->pools().find({"video", "live"}).value();
  const auto fleet = cluster->pools().fleet(pool);
  ASSERT_EQ(fleet.size(), 1u);
  EXPECT_FALSE(fleet[0].known);
  EXPECT_NE(fleet[0].detail.find("the server serves no such"), std::string::npos)
      << fleet[0].detail;
}

json::Value deployment_of(int replicas, const std::string& version) {
  return {{"metadata",
           {{"namespace", "video"},
            {"name", "edge-a"},
            {"resourceVersion", version},
            {"generation", 1}}},
          {"spec", {{"replicas", replicas}, {"selector", {{"matchLabels", {{"app", "edge"}}}}}}},
          {"status", {{"replicas", replicas}}}};
}

TEST(Cluster, ReadsNoScaleThatATargetShows) {
  const json::Value deployment = deployment_of(5, "7");
  FakeTransport::Script script;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(
          script, Answers{.lists = {{"/edgepools", json::Value::array({pool_object(1, 1, 3)})},
                                    {"/deployments", json::Value::array({deployment})}},
                          .objects = {{"/apis/apps/v1", kKinds}}}),
      {}, {.local_time = utc_only(), .writes_status = false});
  cluster->start();
  const auto synced = cluster->wait_until_synced(std::chrono::seconds{5});
  ASSERT_TRUE(synced.ok()) << synced.error().text();
  cluster->read_ahead();
  const auto fleet = cluster->pools().fleet(cluster->pools().find({"video", "live"}).value());
  EXPECT_TRUE(fleet.at(0).known) << fleet.at(0).detail;
  EXPECT_EQ(fleet.at(0).specified, Replicas{5});
  EXPECT_EQ(script.all_sent().size(), 1u) << "discovery";
}

TEST(Cluster, ReadsAScaleOfWhoseWriteNobodyHeardThoughTheTargetShowsAnother) {
  const json::Value deployment = deployment_of(5, "7");
  const json::Value scale{{"kind", "Scale"},
                          {"metadata", {{"resourceVersion", "8"}}},
                          {"spec", {{"replicas", 6}}},
                          {"status", {{"replicas", 5}, {"selector", "app=edge"}}}};
  FakeTransport::Script script;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(
          script, Answers{.lists = {{"/edgepools", json::Value::array({pool_object(1, 1, 9)})},
                                    {"/deployments", json::Value::array({deployment})}},
                          .objects = {{"/apis/apps/v1", kKinds}, {"/edge-a/scale", scale}}}),
      {}, {.local_time = utc_only(), .writes_status = false});
  cluster->start();
  ASSERT_TRUE(cluster->wait_until_synced(std::chrono::seconds{5}).ok());
  const auto pool = cluster->pools().find({"video", "live"}).value();
  EXPECT_EQ(cluster->pools().fleet(pool).at(0).specified, Replicas{5});
  const auto written = cluster->pools().scale(pool, {0, Replicas{5}, Replicas{6}});
  EXPECT_EQ(written.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(cluster->pools().fleet(pool).at(0).specified, Replicas{6}) << "it went through";
  EXPECT_EQ(script.all_sent().back().method, http::Method::kGet);
}

/// Of a kind that does not show them.
TEST(Cluster, KnowsTheScalesBeforeAnybodyLooks) {
  const json::Value deployment{
      {"metadata",
       {{"namespace", "video"}, {"name", "edge-a"}, {"resourceVersion", "7"}, {"generation", 1}}}};
  const json::Value scale{{"kind", "Scale"},
                          {"metadata", deployment["metadata"]},
                          {"spec", {{"replicas", 5}}},
                          {"status", {{"replicas", 5}, {"selector", "app=edge"}}}};
  FakeTransport::Script script;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(
          script, Answers{.lists = {{"/edgepools", json::Value::array({pool_object(1, 1, 3)})},
                                    {"/deployments", json::Value::array({deployment})}},
                          .objects = {{"/apis/apps/v1", kKinds}, {"/edge-a/scale", scale}}}),
      {}, {.local_time = utc_only(), .writes_status = false});
  cluster->start();
  const auto synced = cluster->wait_until_synced(std::chrono::seconds{5});
  ASSERT_TRUE(synced.ok()) << synced.error().text();
  cluster->read_ahead();
  const auto asked = script.all_sent().size();
  EXPECT_EQ(script.all_sent().back().target,
            "/apis/apps/v1/namespaces/video/deployments/edge-a/scale");
  const auto fleet = cluster->pools().fleet(cluster->pools().find({"video", "live"}).value());
  EXPECT_TRUE(fleet.at(0).known) << fleet.at(0).detail;
  EXPECT_EQ(fleet.at(0).specified, Replicas{5});
  EXPECT_EQ(script.all_sent().size(), asked);
}

TEST(Cluster, NothingIsWrittenWhenToldNotTo) {
  FakeTransport::Script script;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(script, json::Value::array({pool_object(4, 6, 3)})), {},
      {.local_time = utc_only(), .writes_status = false});
  cluster->start();
  ASSERT_TRUE(cluster->wait_until_synced(std::chrono::seconds{5}).ok());
  cluster->stop();
  EXPECT_TRUE(script.all_sent().empty());
}

}  // namespace
}  // namespace edgetide::kube
