#include <gtest/gtest.h>

#include "client_fake_transport.h"
#include "json/json.h"
#include "kube/cluster.h"
#include "kube/pool_repository.h"

namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::FakeTransport;

LocalTime utc_only() {
  return {.offsets = [](const std::string&) -> Result<model::UtcOffsets> {
            return model::UtcOffsets{};
          },
          .moment = [](const std::string&, const std::string&) -> Result<Instant> {
            return Instant{};
          }};
}

/// An EdgePool, which is invalid with a `max` below `min`.
json::Value pool_object(int generation, int min, int max) {
  return {{"apiVersion", "edgetide.io/v1alpha1"},
          {"kind", "EdgePool"},
          {"metadata",
           {{"namespace", "video"},
            {"name", "live"},
            {"uid", "uid-live"},
            {"resourceVersion", std::to_string(100 + generation)},
            {"generation", generation}}},
          {"spec",
           {{"failureDomains",
             {{{"name", "a"},
               {"scaleTargetRef",
                {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "edge-a"}}}}}},
            {"demand", {{"sourceRef", {{"name", "video"}}}}},
            {"capacity", {{"viewers", 2000}}},
            {"replicas", {{"min", min}, {"max", max}}}}}};
}

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

/// What a server answers: items of lists and bodies of objects, by the end of their path.
struct Answers {
  std::map<std::string, json::Value> lists;
  std::map<std::string, json::Value> objects;
};

/// A cluster whose requests are answered by path and whose watches stay silent.
class ListedTransport final : public http::Transport {
 public:
  ListedTransport(FakeTransport::Script& script, Answers answers)
      : script_(script), answers_(std::move(answers)) {}
  ListedTransport(FakeTransport::Script& script, json::Value pools)
      : ListedTransport(script, Answers{.lists = {{"/edgepools", std::move(pools)}}}) {}

  Result<http::Response> send(const http::Request& request) override {
    const std::lock_guard lock(script_.mutex);
    script_.sent.push_back(request);
    for (const auto& [end, object] : answers_.objects) {
      if (request.target.ends_with(end))
        return http::Response{.status = 200, .body = json::dump(object)};
    }
    return http::Response{.status = 404};
  }

  Result<http::Response> stream(const http::Request& request, http::BodySink& sink,
                                std::chrono::milliseconds, std::stop_token stop) override {
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

TEST(Cluster, KnowsTheScalesBeforeAnybodyLooks) {
  const json::Value deployment{
      {"metadata",
       {{"namespace", "video"}, {"name", "edge-a"}, {"resourceVersion", "7"}, {"generation", 1}}}};
  const json::Value scale{{"kind", "Scale"},
                          {"metadata", deployment["metadata"]},
                          {"spec", {{"replicas", 5}}},
                          {"status", {{"replicas", 5}, {"selector", "app=edge"}}}};
  const json::Value kinds{{"resources",
                           {{{"name", "deployments"}, {"namespaced", true}, {"kind", "Deployment"}},
                            {{"name", "deployments/scale"}, {"kind", "Scale"}}}}};
  FakeTransport::Script script;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(
          script, Answers{.lists = {{"/edgepools", json::Value::array({pool_object(1, 1, 3)})},
                                    {"/deployments", json::Value::array({deployment})}},
                          .objects = {{"/apis/apps/v1", kinds}, {"/edge-a/scale", scale}}}),
      {}, {.local_time = utc_only(), .writes_status = false});
  cluster->start();
  const auto synced = cluster->wait_until_synced(std::chrono::seconds{5});
  ASSERT_TRUE(synced.ok()) << synced.error().text();
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
