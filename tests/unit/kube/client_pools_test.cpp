#include <gtest/gtest.h>

#include "client_fake_transport.h"
#include "json/json.h"
#include "kube/cluster.h"
#include "kube/pool_repository.h"
#include "pool_object.h"

namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::FakeTransport;

/// What a server answers: items of lists and bodies of objects, by the end of their path.
struct Answers {
  std::map<std::string, json::Value> lists;
  std::map<std::string, json::Value> objects;
};

/// A cluster whose requests are answered by path, but for scales, of whose writes nobody hears;
/// whose watches stay silent, and which streams no lists.
class ListedTransport final : public http::Transport {
 public:
  ListedTransport(FakeTransport::Script& script, Answers answers)
      : script_(script), answers_(std::move(answers)) {}
  ListedTransport(FakeTransport::Script& script, json::Value pools)
      : ListedTransport(script, Answers{.lists = {{"/edgepools", std::move(pools)}}}) {}

  Result<http::Response> send(const http::Request& request) override {
    const std::lock_guard lock(script_.mutex);
    script_.sent.push_back(request);
    if (request.method == http::Method::kPut)
      return Error{.code = ErrorCode::kTimeout, .message = "no complete answer in time"};
    for (const auto& [end, object] : answers_.objects) {
      if (request.target.ends_with(end))
        return http::Response{.status = 200, .body = json::dump(object)};
    }
    return http::Response{.status = 404};
  }

  Result<http::Response> stream(const http::Request& request, http::BodySink& sink,
                                std::chrono::milliseconds, std::stop_token stop) override {
    if (request.target.find("sendInitialEvents") != std::string::npos)
      return http::Response{.status = 422};
    sink.on_open();
    if (request.target.find("watch=1") != std::string::npos) {
      std::unique_lock lock(script_.mutex);
      script_.changed.wait(lock, stop, [] { return false; });
      return Error{.code = ErrorCode::kCancelled, .message = "cancelled"};
    }
    json::Value items = json::Value::array();
    for (const auto& [end, listed] : answers_.lists) {
      if (request.target.find(end) != std::string::npos) items = listed;
    }
    const json::Value list{
        {"kind", "List"}, {"metadata", {{"resourceVersion", "200"}}}, {"items", items}};
    sink.on_bytes(json::dump(list));
    return http::Response{.status = 200};
  }

 private:
  FakeTransport::Script& script_;
  Answers answers_;
};

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

const json::Value kKinds{{"resources",
                          {{{"name", "deployments"}, {"namespaced", true}, {"kind", "Deployment"}},
                           {{"name", "deployments/scale"}, {"kind", "Scale"}}}}};

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
