#include <gmock/gmock.h>

#include "contract/kube_api.h"
#include "kube/paths.h"
#include "kube/room_finder.h"

/// What there is said to be room for, held against what a real API server, its quota controller and
/// the real scheduler then let stand.
namespace edgetide::kube {
namespace {

using testing::deployments_in;
using ::testing::ElementsAre;
using testing::eventually;
using ::testing::HasSubstr;
using testing::KubeApi;
using ::testing::Optional;

/// Two domains whose pods take 16 of a node's 64 cores, on nodes of their own: two and one.
class Room : public ::testing::Test {
 protected:
  Room() {
    for (const char* node : {"a-1", "a-2", "b-1"}) make_node(node);
    for (const char* domain : {"a", "b"}) make_workload(domain);
    targets_.follow({key("a"), key("b")});
  }
  ~Room() override {
    for (const std::string& node : made_) api_.remove("/api/v1/nodes/" + node);
  }

  void make_node(const std::string& name) {
    made_.push_back(name_space_ + "-" + name);
    api_.create(
        "/api/v1/nodes",
        {{"apiVersion", "v1"},
         {"kind", "Node"},
         {"metadata", {{"name", made_.back()}, {"labels", {{"room", zone(name.substr(0, 1))}}}}},
         {"spec", {{"taints", {{{"key", "room"}, {"effect", "NoSchedule"}}}}}}});
  }

  void make_workload(const std::string& domain) {
    const json::Value labels{{"app", domain}};
    const json::Value requests{{"cpu", "16"}, {"memory", "1Gi"}};
    const json::Value container{
        {"name", "edge"}, {"image", "edge:1"}, {"resources", {{"requests", requests}}}};
    api_.create(deployments_in(name_space_),
                {{"apiVersion", "apps/v1"},
                 {"kind", "Deployment"},
                 {"metadata", {{"name", domain}}},
                 {"spec",
                  {{"replicas", 1},
                   {"selector", {{"matchLabels", labels}}},
                   {"template",
                    {{"metadata", {{"labels", labels}}},
                     {"spec",
                      {{"terminationGracePeriodSeconds", 0},
                       {"nodeSelector", {{"room", zone(domain)}}},
                       {"tolerations", {{{"key", "room"}, {"operator", "Exists"}}}},
                       {"containers", json::Value::array({container})}}}}}}}});
  }

  void scale(const std::string& domain, int replicas) {
    api_.merge(deployments_in(name_space_) + "/" + domain, {{"spec", {{"replicas", replicas}}}});
  }

  [[nodiscard]] std::string zone(const std::string& domain) const {
    return name_space_ + "-" + domain;
  }
  [[nodiscard]] TargetKey key(const std::string& domain) const {
    return {.name_space = name_space_,
            .target = {.api_version = "apps/v1", .kind = "Deployment", .name = domain}};
  }
  [[nodiscard]] bool comes_to(const std::string& domain, int ready, int starting = 0) {
    return eventually([&] {
      const auto seen = targets_.observe(key(domain));
      return seen.known && seen.ready == Replicas{ready} && seen.starting == Replicas{starting};
    });
  }
  [[nodiscard]] model::EdgePool pool() const {
    model::EdgePool pool;
    pool.key = {name_space_, "live"};
    for (const char* domain : {"a", "b"})
      pool.domains.push_back({.name = domain, .target = key(domain).target});
    return pool;
  }
  static void settle(RoomFinder& rooms) {
    rooms.start();
    ASSERT_TRUE(eventually([&] {
      return std::ranges::all_of(rooms.reflectors(),
                                 [](Reflector* one) { return one->synced() || one->trouble(); });
    }));
  }

  KubeApi& api_ = KubeApi::instance();
  std::string name_space_ = api_.make_namespace();
  std::vector<std::string> made_;
  TargetWatches targets_{api_.client(), {}};
};

TEST_F(Room, OnNodesIsWhatTheSchedulerPlaces) {
  ASSERT_TRUE(comes_to("a", 1) && comes_to("b", 1));
  RoomFinder rooms(api_.client(), targets_,
                   {.nodes = true, .node_watch = {.picture_every = std::chrono::milliseconds{50}}});
  settle(rooms);
  const auto holds = [&](int a, int b) {
    return eventually([&] {
      const auto room = rooms.room(pool());
      return room.on_nodes == std::vector<std::optional<Replicas>>{Replicas{a}, Replicas{b}} &&
             room.nodes && room.nodes->replicas == Replicas{a + b};
    });
  };
  EXPECT_TRUE(holds(8, 4)) << rooms.room(pool()).unknown;
  scale("a", 9);
  ASSERT_TRUE(comes_to("a", 8, 1)) << "the scheduler finds room for as many, and for no more";
  EXPECT_TRUE(holds(8, 4)) << "what is raised is no less room";
  auto lacking = targets_.observe(key("a")).unschedulable;
  ASSERT_TRUE(eventually([&] {  // the scheduler says so a moment after the pod is there
    lacking = targets_.observe(key("a")).unschedulable;
    return lacking.has_value();
  }));
  EXPECT_EQ(lacking->replicas, Replicas{1});
  EXPECT_THAT(lacking->detail, HasSubstr("nodes are available"));

  api_.merge("/api/v1/nodes/" + made_.back(), {{"spec", {{"unschedulable", true}}}});
  EXPECT_TRUE(holds(8, 1)) << "a cordoned node keeps what it has and takes nothing in";
  EXPECT_THAT(rooms.room(pool()).nodes->detail, HasSubstr("nodes take nothing in"));

  auto expandable = pool();
  expandable.domains[1].nodes.expandable = true;
  const auto room = rooms.room(expandable);
  EXPECT_THAT(room.on_nodes, ElementsAre(Optional(Replicas{8}), std::nullopt));
  EXPECT_FALSE(room.nodes);
  EXPECT_EQ(room.unknown, "");
}

TEST_F(Room, ATemplateTellsWhatAReplicaTakesWhereNoneStands) {
  ASSERT_TRUE(comes_to("a", 1) && comes_to("b", 1));
  scale("a", 0);
  scale("b", 0);
  ASSERT_TRUE(comes_to("a", 0) && comes_to("b", 0));
  RoomFinder rooms(api_.client(), targets_,
                   {.nodes = true, .node_watch = {.picture_every = std::chrono::milliseconds{50}}});
  settle(rooms);
  EXPECT_TRUE(eventually([&] {
    return rooms.room(pool()).on_nodes ==
           std::vector<std::optional<Replicas>>{Replicas{8}, Replicas{4}};
  })) << rooms.room(pool()).unknown;
}

TEST_F(Room, AMachineDeploymentSaysHowFarTheNodesOfADomainGrow) {
  api_.kubectl("apply --server-side -f " EDGETIDE_SOURCE_DIR
               "/tests/contract/machinedeployments.yaml");
  api_.kubectl("wait --for=condition=Established crd/machinedeployments.cluster.x-k8s.io");
  const std::string version = "cluster.x-k8s.io/v1beta2";
  const json::Value machines{
      {"apiVersion", version},
      {"kind", "MachineDeployment"},
      {"metadata",
       {{"name", "edge-b"},
        {"annotations", {{"cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size", "5"}}}}},
      {"spec", {{"replicas", 1}}}};
  ASSERT_TRUE(eventually([&] {
    return api_.client()
        .send({.method = http::Method::kPost,
               .target = collection_path(version, "machinedeployments", name_space_),
               .body = json::dump(machines),
               .content_type = "application/json"})
        .ok();
  }));
  ASSERT_TRUE(comes_to("a", 1) && comes_to("b", 1));
  RoomFinder rooms(api_.client(), targets_, {.nodes = true});
  settle(rooms);
  auto growing = pool();
  growing.domains[1].nodes.machine_deployment = {name_space_, "edge-b"};
  auto room = rooms.room(growing);
  EXPECT_THAT(room.on_nodes, ElementsAre(Optional(Replicas{8}), Optional(Replicas{4 + 4 * 4})))
      << room.unknown;
  ASSERT_TRUE(room.nodes);
  EXPECT_EQ(room.nodes->replicas, Replicas{8 + 20});

  growing.domains[1].nodes.machine_deployment.name = "edge-c";
  room = rooms.room(growing);
  EXPECT_THAT(room.on_nodes, ElementsAre(Optional(Replicas{8}), std::nullopt));
  EXPECT_FALSE(room.nodes);
  EXPECT_THAT(room.unknown, HasSubstr("room on the nodes is not known: domain b: "));
}

TEST_F(Room, OfAQuotaIsWhatTheApiServerAdmits) {
  ASSERT_TRUE(comes_to("a", 1) && comes_to("b", 1));
  RoomFinder rooms(api_.client(), targets_, {});
  settle(rooms);
  EXPECT_FALSE(rooms.room(pool()).quota) << "there is none";
  const std::string quotas = collection_path("v1", "resourcequotas", name_space_);
  api_.create(quotas, {{"apiVersion", "v1"},
                       {"kind", "ResourceQuota"},
                       {"metadata", {{"name", "edge"}}},
                       {"spec", {{"hard", {{"requests.cpu", "70"}, {"pods", "50"}}}}}});
  const auto leaves = [&](int replicas) {
    return eventually([&] {
      const auto quota = rooms.room(pool()).quota;
      return quota && quota->replicas == Replicas{replicas};
    });
  };
  ASSERT_TRUE(leaves(4));
  EXPECT_EQ(rooms.room(pool()).quota->detail,
            "ResourceQuota edge leaves 38 of 70 requests.cpu, of which a pod takes 16");
  scale("a", 5);
  EXPECT_TRUE(comes_to("a", 3)) << "3 of a beside 1 of b are admitted";
  EXPECT_TRUE(leaves(4)) << "what is raised is no less room";
  api_.merge(quotas + "/edge", {{"spec", {{"hard", {{"requests.cpu", "100"}}}}}});
  EXPECT_TRUE(leaves(6));
  EXPECT_THAT(rooms.room(pool()).unknown, HasSubstr("room on the nodes is not known"));
}

TEST_F(Room, WhatMayNotBeReadIsNotKnownAndLimitsNothing) {
  ASSERT_TRUE(comes_to("a", 1) && comes_to("b", 1));
  Access nobody = api_.access();
  nobody.credential = {.token = "nobody-token"};
  nobody.endpoint.tls.certificate_pem.clear();
  nobody.endpoint.tls.key_pem.clear();
  Client client = KubeApi::connect(nobody);
  RoomFinder rooms(client, targets_, {.nodes = true});
  settle(rooms);
  const auto room = rooms.room(pool());
  EXPECT_FALSE(room.quota);
  EXPECT_FALSE(room.nodes);
  EXPECT_TRUE(room.on_nodes.empty());
  EXPECT_THAT(room.unknown, HasSubstr("what ResourceQuotas leave is not known: "));
  EXPECT_THAT(room.unknown, HasSubstr("room on the nodes is not known: "));
  EXPECT_THAT(room.unknown, HasSubstr("nodes is forbidden"));
}

}  // namespace
}  // namespace edgetide::kube
