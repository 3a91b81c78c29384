#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "contract/kube_cluster.h"
#include "contract/tcp_relay.h"

/// Pools, their targets and their sources.
namespace edgetide::kube {
namespace {

using testing::deployments_in;
using testing::eventually;
using testing::KubeApi;
using testing::KubeCluster;
using testing::operator_access;
using testing::pools_in;

TEST_F(KubeCluster, PodsAreCountedByDomainAndScalesAreCarriedOut) {
  open_with_three_domains(2);
  for (std::size_t domain = 0; domain < 3; ++domain) EXPECT_TRUE(comes_to(domain, 2, 2));
  EXPECT_EQ(fleet().at(1).name, "edge-b");

  ASSERT_TRUE(scale(1, 2, 5).ok());
  EXPECT_EQ(fleet().at(1).specified, Replicas{5}) << "a write is read back at once";
  EXPECT_EQ(replicas_on_server("edge-b"), 5);
  EXPECT_TRUE(comes_to(1, 5, 5));
  EXPECT_TRUE(comes_to(0, 2, 2));

  ASSERT_TRUE(scale(1, 5, 1).ok());
  EXPECT_TRUE(comes_to(1, 1, 1));
}

TEST_F(KubeCluster, NothingIsReadWhileNothingChanges) {
  open_with_three_domains(1);
  for (std::size_t domain = 0; domain < 3; ++domain) ASSERT_TRUE(comes_to(domain, 1, 1));
  std::this_thread::sleep_for(std::chrono::seconds{1});
  static_cast<void>(fleet());
  const auto requests = cluster_->statistics().requests;
  for (int look = 0; look < 100; ++look) static_cast<void>(fleet());
  EXPECT_EQ(cluster_->statistics().requests, requests);
}

TEST_F(KubeCluster, AForeignHandIsAConflictAndIsSeen) {
  open_with_three_domains(3);
  ASSERT_TRUE(comes_to(0, 3, 3));
  static_cast<void>(take_woken(key_));
  api_.merge(deployments_in(name_space_) + "/edge-a", {{"spec", {{"replicas", 1}}}});
  const auto written = scale(0, 3, 4);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kConflict) << written.error().text();
  EXPECT_EQ(replicas_on_server("edge-a"), 1);
  EXPECT_TRUE(eventually([&] { return fleet().at(0).specified == Replicas{1}; }));
  EXPECT_TRUE(eventually([&] { return take_woken(key_); }));
  EXPECT_TRUE(scale(0, 1, 3).ok());
}

TEST_F(KubeCluster, RolloutsDoNotKeepAScaleFromBeingWritten) {
  open_with_three_domains(1);
  ASSERT_TRUE(comes_to(0, 1, 1));
  std::jthread rollout([&](std::stop_token stop) {
    for (int turn = 0; !stop.stop_requested(); ++turn) {
      api_.merge(deployments_in(name_space_) + "/edge-a",
                 {{"metadata", {{"annotations", {{"turn", std::to_string(turn)}}}}}});
      std::this_thread::sleep_for(std::chrono::milliseconds{40});
    }
  });
  // Five tries at once get past nearly every rollout; a slow machine may need another look.
  for (int replicas = 1; replicas < 30; ++replicas) {
    auto written = scale(0, replicas, replicas + 1);
    for (int look = 0; !written.ok() && look < 3; ++look) {
      EXPECT_EQ(written.error().code, ErrorCode::kConflict);
      written = scale(0, replicas, replicas + 1);
    }
    ASSERT_TRUE(written.ok()) << written.error().text();
  }
  rollout.request_stop();
  rollout.join();
  EXPECT_EQ(replicas_on_server("edge-a"), 30);
  const auto requests = cluster_->statistics().requests;
  EXPECT_TRUE(std::ranges::any_of(requests, [](const auto& asked) {
    return asked.first.code == 409;
  })) << "some versions were in the way";
}

TEST_F(KubeCluster, WhatIsMissingIsNotKnownAndHoldsUpNobody) {
  api_.make_deployment(name_space_, "edge-a", 1);
  api_.make_pool(name_space_, "live", {"edge-a", "edge-gone"});
  open();
  EXPECT_TRUE(comes_to(0, 1, 1));
  const auto gone = fleet().at(1);
  EXPECT_FALSE(gone.known);
  EXPECT_EQ(gone.detail, "Deployment " + name_space_ + "/edge-gone: does not exist");
  EXPECT_EQ(scale(1, 1, 2).error().code, ErrorCode::kNotFound);

  api_.make_deployment(name_space_, "edge-gone", 1);
  EXPECT_TRUE(comes_to(1, 1, 1));
  api_.remove(deployments_in(name_space_) + "/edge-gone");
  EXPECT_TRUE(eventually([&] { return !fleet().at(1).known; }));
}

TEST_F(KubeCluster, KindsThatCannotBeScaledSayWhy) {
  api_.create(
      pools_in(name_space_),
      {{"apiVersion", "edgetide.io/v1alpha1"},
       {"kind", "EdgePool"},
       {"metadata", {{"name", "live"}}},
       {"spec",
        {{"failureDomains",
          {{{"name", "a"},
            {"scaleTargetRef", {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"name", "x"}}}},
           {{"name", "b"},
            {"scaleTargetRef",
             {{"apiVersion", "no.example/v1"}, {"kind", "Thing"}, {"name", "x"}}}}}},
         {"demand", {{"sourceRef", {{"name", "video"}}}}},
         {"capacity", {{"viewers", 2000}}},
         {"replicas", {{"min", 1}, {"max", 100}}}}}});
  open();
  EXPECT_NE(fleet().at(0).detail.find("has no scale subresource"), std::string::npos)
      << fleet().at(0).detail;
  EXPECT_NE(fleet().at(1).detail.find("the server serves no such"), std::string::npos)
      << fleet().at(1).detail;
}

TEST_F(KubeCluster, PoolsComeChangeAndGo) {
  open(true);
  EXPECT_EQ(cluster_->pools().find(key_).error().code, ErrorCode::kNotFound);
  api_.make_deployment(name_space_, "edge-a", 1);
  api_.make_pool(name_space_, "live", {"edge-a"});
  ASSERT_TRUE(eventually([&] { return cluster_->pools().find(key_).ok(); }));
  EXPECT_TRUE(take_woken(key_));
  EXPECT_EQ(pool().mode, model::Mode::kDryRun);
  const auto keys = cluster_->pools().keys();
  EXPECT_NE(std::ranges::find(keys, key_), keys.end());
  EXPECT_TRUE(comes_to(0, 1, 1)) << "a pool that comes later is followed, too";

  api_.merge(pools_in(name_space_) + "/live", {{"spec", {{"mode", "Enforce"}}}});
  EXPECT_TRUE(eventually([&] { return pool().mode == model::Mode::kEnforce; }));
  api_.remove(pools_in(name_space_) + "/live");
  EXPECT_TRUE(eventually([&] { return !cluster_->pools().find(key_).ok(); }));
  EXPECT_EQ(replicas_on_server("edge-a"), 1);
}

TEST_F(KubeCluster, SourcesAreReadAndSecretsOnlyWhereTheOperatorMay) {
  open();
  const auto version = cluster_->metric_sources_version();
  const std::string name = "source-" + name_space_;
  api_.create("/apis/edgetide.io/v1alpha1/metricsources",
              {{"apiVersion", "edgetide.io/v1alpha1"},
               {"kind", "MetricSource"},
               {"metadata", {{"name", name}}},
               {"spec",
                {{"url", "https://prometheus.monitoring:9090"},
                 {"allowedNamespaces", {"video"}},
                 {"queries", {{"viewers", "sum(x)"}}}}}});
  EXPECT_TRUE(eventually([&] { return cluster_->metric_sources().contains(name); }));
  EXPECT_NE(cluster_->metric_sources_version(), version);

  const ObjectKey own{"edgetide", "edgetide-credentials"};
  EXPECT_EQ(cluster_->secret(own).error().code, ErrorCode::kNotFound);
  api_.create("/api/v1/namespaces/edgetide/secrets", {{"apiVersion", "v1"},
                                                      {"kind", "Secret"},
                                                      {"metadata", {{"name", own.name}}},
                                                      {"stringData", {{"token", "s3cret"}}}});
  const auto secret = cluster_->secret(own);
  ASSERT_TRUE(secret.ok()) << secret.error().text();
  EXPECT_EQ(secret->at("token"), "s3cret");
  EXPECT_EQ(cluster_->secret({"edgetide", "other"}).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(cluster_->secret({name_space_, own.name}).error().code, ErrorCode::kForbidden);
}

TEST_F(KubeCluster, AWrongTokenIsSaidAtOnce) {
  Access access = operator_access();
  access.credential.token = "wrong-token";
  auto refused =
      Cluster::open(access, {.local_time = testing::utc_only(), .writes_status = false}).value();
  refused->start();
  const auto began = std::chrono::steady_clock::now();
  const auto synced = refused->wait_until_synced(std::chrono::seconds{30});
  EXPECT_EQ(synced.error().code, ErrorCode::kUnauthorized);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{10});
}

TEST_F(KubeCluster, ADownServerIsATimeoutThatNamesWhatIsMissing) {
  Access access = operator_access();
  access.endpoint.base_url = "https://127.0.0.1:1";
  auto alone =
      Cluster::open(access, {.local_time = testing::utc_only(), .writes_status = false}).value();
  alone->start();
  const auto synced = alone->wait_until_synced(std::chrono::milliseconds{1500});
  EXPECT_EQ(synced.error().code, ErrorCode::kTimeout);
  EXPECT_NE(synced.error().message.find("edgepools"), std::string::npos);
  const auto began = std::chrono::steady_clock::now();
  alone->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{4});
}

TEST_F(KubeCluster, ATargetWhoseWatchIsDownIsNotKnown) {
  api_.make_deployment(name_space_, "edge-a", 1);
  testing::TcpRelay relay(api_.access().endpoint.base_url);
  Access access = operator_access();
  access.endpoint.base_url = relay.url();
  Client client = KubeApi::connect(access);
  TargetWatches targets(client, {.stale_after = std::chrono::milliseconds{500}});
  const TargetKey key{.name_space = name_space_,
                      .target = {.api_version = "apps/v1", .kind = "Deployment", .name = "edge-a"}};
  targets.follow({key});
  ASSERT_TRUE(eventually([&] { return targets.observe(key).known; }));
  relay.refuse();
  ASSERT_TRUE(eventually([&] { return !targets.observe(key).known; }));
  EXPECT_NE(targets.observe(key).detail.find("not followed for"), std::string::npos)
      << targets.observe(key).detail;
  EXPECT_FALSE(targets.scale(key, Replicas{1}, Replicas{2}).ok());
  relay.accept();
  EXPECT_TRUE(eventually([&] { return targets.observe(key).known; }));
}

}  // namespace
}  // namespace edgetide::kube
