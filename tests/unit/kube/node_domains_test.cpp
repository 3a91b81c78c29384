#include "kube/node_domains.h"

#include <gmock/gmock.h>

namespace edgetide::kube {
namespace {

using testing::ElementsAre;

constexpr const char* kZone = "topology.kubernetes.io/zone";
const Instant kNow{Seconds{1'000'000}};

/// Two nodes in each of zones a and b, and one without a zone.
struct Cluster {
  Nodes nodes;
  PodShape shape{.spread = {{.topology_key = kZone, .max_skew = 2}}};
  std::vector<PlacedReplica> placed;

  Cluster() {
    for (const char* name : {"a1", "a2", "b1", "b2"}) set(name, true, std::string(1, name[0]));
    set("x1", true, "");
  }
  void set(const std::string& name, bool open, const std::string& zone) {
    Node node{.name = name, .open = open};
    if (!zone.empty()) node.labels[kZone] = zone;
    nodes[name] = std::make_shared<const Node>(std::move(node));
  }
  void place(const std::string& node, bool ready, Seconds ready_for = Seconds{3600}) {
    placed.push_back({.node = std::make_shared<const std::string>(node),
                      .ready = ready,
                      .ready_since = ready ? std::optional(kNow - ready_for) : std::nullopt});
  }
  [[nodiscard]] model::Spread spread() const {
    PodCounts pods{.shape = std::make_shared<const PodShape>(shape),
                   .placed = std::make_shared<const std::vector<PlacedReplica>>(placed)};
    return spread_over(nodes, kZone, pods, Seconds{300}, kNow);
  }
  /// "a 2+1 b 0+0": Ready and starting by zone.
  [[nodiscard]] std::string text() const {
    std::string text;
    for (const auto& [name, ready, cold, starting] : spread().domains)
      text += (text.empty() ? "" : " ") + name + " " + std::to_string(ready.count()) + "+" +
              std::to_string(starting.count());
    return text;
  }
};

TEST(NodeDomains, CountPodsByTheLabelOfTheirNodes) {
  Cluster cluster;
  EXPECT_EQ(cluster.text(), "a 0+0 b 0+0");
  cluster.place("a1", true);
  cluster.place("a2", true);
  cluster.place("b2", false);
  cluster.place("x1", true);    // in no zone
  cluster.place("gone", true);  // nobody knows where
  EXPECT_EQ(cluster.text(), "a 2+0 b 0+1");
  EXPECT_EQ(cluster.spread().max_skew, 2);
  EXPECT_EQ(cluster.spread().unknown,
            "2 replicas stand on no node with the label topology.kubernetes.io/zone");
}

TEST(NodeDomains, AnEmptyLabelIsNone) {
  Cluster cluster;
  Node node{.name = "a1", .open = true};
  node.labels[kZone] = "";
  cluster.nodes["a1"] = std::make_shared<const Node>(std::move(node));
  EXPECT_EQ(cluster.text(), "a 0+0 b 0+0");
}

TEST(NodeDomains, AreThoseThatMayTakeAPodOrHaveOne) {
  Cluster cluster;
  cluster.set("b1", false, "b");
  EXPECT_EQ(cluster.text(), "a 0+0 b 0+0");
  cluster.set("b2", false, "b");
  EXPECT_EQ(cluster.text(), "a 0+0");
  cluster.place("b1", true);  // on a node that is cordoned
  EXPECT_EQ(cluster.text(), "a 0+0 b 1+0");
  cluster.shape.node_selector = {{kZone, "b"}};
  EXPECT_EQ(cluster.text(), "b 1+0");
}

/// By default the scheduler counts nodes whatever their taints, closed ones among them.
TEST(NodeDomains, AreClosedWhereNoNodeTakesAPodInAndTheSkewCountsThem) {
  Cluster cluster;
  EXPECT_THAT(cluster.spread().closed, ElementsAre());
  cluster.set("b1", false, "b");
  EXPECT_THAT(cluster.spread().closed, ElementsAre()) << "the other node is open";
  Node tainted{
      .name = "b2", .labels = {{kZone, "b"}}, .taints = {{"lost", "", "NoExecute"}}, .open = true};
  cluster.nodes["b2"] = std::make_shared<const Node>(tainted);
  EXPECT_THAT(cluster.spread().closed, ElementsAre("b"));
  cluster.place("b1", true);
  EXPECT_THAT(cluster.spread().closed, ElementsAre("b")) << "wherever pods stand";
  cluster.shape.spread[0].binds = false;
  EXPECT_THAT(cluster.spread().closed, ElementsAre());
}

TEST(NodeDomains, AreNotClosedWhereTheyDoNotCountForTheSkew) {
  Cluster cluster;
  Node tainted{.name = "b1",
               .labels = {{kZone, "b"}},
               .taints = {{"node.kubernetes.io/unschedulable", "", "NoSchedule"}}};
  cluster.nodes.erase("b2");
  cluster.nodes["b1"] = std::make_shared<const Node>(tainted);
  EXPECT_THAT(cluster.spread().closed, ElementsAre("b"));
  cluster.shape.spread[0].honors_taints = true;
  EXPECT_THAT(cluster.spread().closed, ElementsAre());
  cluster.shape.spread[0].honors_taints = false;
  cluster.shape.node_selector = {{kZone, "a"}};
  EXPECT_THAT(cluster.spread().closed, ElementsAre()) << "its pods may not run there";
}

TEST(NodeDomains, CountByTheWarmthOfCaches) {
  Cluster cluster;
  cluster.place("a1", true, Seconds{30});
  cluster.place("a1", true);
  cluster.placed.push_back({.node = cluster.placed[0].node, .ready = true});
  EXPECT_EQ(cluster.spread().domains.front().cold, Replicas{2});  // 0.9, and one nobody knows of
}

TEST(NodeDomains, AreHeldApartByTheStrictestRuleThatBinds) {
  Cluster cluster;
  cluster.shape.spread = {{kZone, 5, true}, {kZone, 3, true}, {kZone, 1, false}, {"rack", 1, true}};
  EXPECT_EQ(cluster.spread().max_skew, 3);
  cluster.shape.spread = {{kZone, 1, false}};
  EXPECT_FALSE(cluster.spread().max_skew);
}

TEST(NodeDomains, AreNotKnownWithoutAPodOrALabel) {
  const Cluster cluster;
  EXPECT_FALSE(spread_over(cluster.nodes, kZone, {}, Seconds{0}, kNow).unknown.empty());
  const PodCounts pods{.shape = std::make_shared<const PodShape>()};
  EXPECT_THAT(spread_over(cluster.nodes, "rack", pods, Seconds{0}, kNow).unknown,
              testing::HasSubstr("label rack"));
}

TEST(NodeDomains, ConstraintsAreReadFromAPod) {
  simdjson::dom::parser parser;
  const std::string spec =
      R"({"topologySpreadConstraints":[)"
      R"({"maxSkew":2,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"},)"
      R"({"maxSkew":1,"topologyKey":"host","whenUnsatisfiable":"ScheduleAnyway",)"
      R"("nodeTaintsPolicy":"Honor"}]})";
  const auto shape = read_pod_shape(parser.parse(simdjson::padded_string(spec)).value());
  EXPECT_THAT(shape.spread, ElementsAre(SpreadConstraint{"zone", 2, true},
                                        SpreadConstraint{"host", 1, false, true}));
}

}  // namespace
}  // namespace edgetide::kube
