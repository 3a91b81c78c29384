#include <gtest/gtest.h>

#include "contract/kube_cluster.h"

/// Statuses and Kubernetes Events.
namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::kNow;
using testing::KubeCluster;
using testing::report_of;

TEST_F(KubeCluster, StatusIsWrittenWhenItSaysSomethingNew) {
  open_with_three_domains(1);
  ASSERT_TRUE(comes_to(2, 1, 1));
  auto report = report_of(pool(), fleet(), 1000);
  cluster_->reports().publish(pool(), report, {});
  ASSERT_TRUE(eventually([&] { return status_on_server().contains("conditions"); }));
  const auto first = status_on_server();
  EXPECT_EQ(json::get_int(first, "observedGeneration", 0, 9).value(), 1);

  report.at += Seconds{15};
  report.observation.demand.viewers.value = 1049;
  cluster_->reports().publish(pool(), report, {});
  report.at += Seconds{15};
  report.observation.demand.viewers.value = 1051;
  report.conditions[0].message = "still known";
  cluster_->reports().publish(pool(), report, {});
  ASSERT_TRUE(eventually([&] { return status_on_server() != first; }));
  const RequestKind accepted{.verb = "patch", .resource = "edgepools/status", .code = 200};
  const auto statuses = [&] { return cluster_->statistics().requests; };
  EXPECT_TRUE(eventually([&] { return statuses()[accepted] == 2; }));

  const auto moved = json::get_string(status_on_server(), "conditions[0].lastTransitionTime");
  EXPECT_EQ(moved.value(), to_string(kNow)) << "its status did not change";
  cluster_->stop();
  EXPECT_TRUE(problems_.empty()) << problems_.front();
}

TEST_F(KubeCluster, ChangesAndTroubleBecomeKubernetesEvents) {
  open_with_three_domains(1);
  auto report = report_of(pool(), fleet(), 1000);
  report.shortfall = {.required = Replicas{9},
                      .granted = Replicas{5},
                      .at = kNow,
                      .cause = "MaximumReached",
                      .detail = "4 replicas are missing"};
  const ports::ActOutcome outcome{
      .writes = {{.name = "edge-a", .from = Replicas{1}, .to = Replicas{4}, .result = {}}}};
  for (int look = 0; look < 3; ++look) cluster_->reports().publish(pool(), report, outcome);
  cluster_->stop();
  const auto events = api_.get("/apis/events.k8s.io/v1/namespaces/" + name_space_ +
                               "/events?fieldSelector=regarding.kind%3DEdgePool");
  std::multiset<std::string> reasons;
  for (const auto& event : events.at("items")) {
    reasons.insert(event.at("reason").get<std::string>());
    EXPECT_EQ(event.at("regarding").at("uid").get<std::string>(), pool().uid);
    EXPECT_EQ(event.at("series").at("count").get<int>(), 2);
  }
  EXPECT_EQ(reasons, (std::multiset<std::string>{"CapacityShortfall", "ScaledUp"}));
  EXPECT_EQ(cluster_->statistics().events_dropped, 0u);
}

}  // namespace
}  // namespace edgetide::kube
