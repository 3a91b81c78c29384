#include <gmock/gmock.h>

#include <random>

#include "kube/machine_deployments.h"
#include "kube/node_room.h"
#include "kube/quota_room.h"

/// What there is room for, by the rules of the scheduler and of quota admission.
namespace edgetide::kube {
namespace {

using ::testing::HasSubstr;

simdjson::dom::element parsed(const std::string& text) {
  static std::vector<std::unique_ptr<simdjson::dom::parser>> parsers;
  parsers.push_back(std::make_unique<simdjson::dom::parser>());
  return parsers.back()->parse(simdjson::padded_string(text)).value();
}

PodShape shape(const std::string& spec) { return read_pod_shape(parsed(spec)); }

/// One container with these requests and, if any, more of the pod's spec.
PodShape asking(const std::string& requests, const std::string& more = "") {
  return shape(R"({"containers": [{"resources": {"requests": )" + requests + "}}]" +
               (more.empty() ? "" : ", " + more) + "}");
}

std::shared_ptr<const Node> node(const std::string& name, const std::string& labels = "{}",
                                 const std::string& spec = "{}",
                                 const std::string& ready = "True") {
  return std::make_shared<const Node>(
      read_node(parsed(R"({"metadata": {"name": ")" + name + R"(", "labels": )" + labels +
                       R"(}, "spec": )" + spec +
                       R"(, "status": {"allocatable": {"cpu": "8", "memory": "16Gi", "pods": "20"},
                           "conditions": [{"type": "Ready", "status": ")" +
                       ready + R"("}]}})"))
          .value());
}

std::shared_ptr<const PlacedPod> placed(const std::string& on, const std::string& app,
                                        const Resources& requests) {
  return std::make_shared<const PlacedPod>(
      PlacedPod{.node = on,
                .labels = std::make_shared<const Labels>(Labels{{"app", app}}),
                .requests = std::make_shared<const Resources>(requests)});
}

TEST(PodShape, CountsAsTheSchedulerDoes) {
  struct Case {
    const char* name;
    const char* spec;
    Resources requests;
  };
  const std::vector<Case> cases{
      {"containers together",
       R"({"containers": [{"resources": {"requests": {"cpu": "1", "memory": "1Gi"}}},
                          {"resources": {"requests": {"cpu": "500m"}}}]})",
       {{"cpu", 1500}, {"memory", std::int64_t{1000} << 30}}},
      {"a limit without a request",
       R"({"containers": [{"resources": {"limits": {"cpu": "2"}}}]})",
       {{"cpu", 2000}}},
      {"starting that takes more",
       R"({"containers": [{"resources": {"requests": {"cpu": "1"}}}],
           "initContainers": [{"resources": {"requests": {"cpu": "3"}}}]})",
       {{"cpu", 3000}}},
      {"a sidecar stays, and the later init container runs beside it",
       R"({"containers": [{"resources": {"requests": {"cpu": "1"}}}],
           "initContainers": [{"restartPolicy": "Always", "resources": {"requests": {"cpu": "500m"}}},
                              {"resources": {"requests": {"cpu": "1200m"}}}]})",
       {{"cpu", 1700}}},
      {"overhead",
       R"({"containers": [{"resources": {"requests": {"cpu": "1"}}}], "overhead": {"cpu": "250m"}})",
       {{"cpu", 1250}}},
      {"the pod's own word",
       R"({"containers": [{"resources": {"requests": {"cpu": "1"}}}],
           "resources": {"requests": {"cpu": "4"}}})",
       {{"cpu", 4000}}},
      {"less than a thousandth counts as one",
       R"({"containers": [{"resources": {"requests": {"cpu": "100u"}}}]})",
       {{"cpu", 1}}},
      {"nothing asked for", R"({"containers": [{}]})", {}},
  };
  for (const auto& [name, spec, requests] : cases)
    EXPECT_EQ(shape(spec).requests, requests) << name;
}

TEST(MayRun, FollowsSelectorAffinityAndTaints) {
  const std::string zone_a = R"({"zone": "a", "cores": "8"})";
  const auto affinity = [](const std::string& terms) {
    return R"("affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
              {"nodeSelectorTerms": [)" +
           terms + "]}}}";
  };
  const auto expression = [](const std::string& key, const std::string& op,
                             const std::string& values) {
    return R"({"matchExpressions": [{"key": ")" + key + R"(", "operator": ")" + op +
           R"(", "values": )" + values + "}]}";
  };
  const std::string tainted =
      R"({"taints": [{"key": "edge", "value": "yes", "effect": "NoSchedule"}]})";
  const std::string preferred = R"({"taints": [{"key": "edge", "effect": "PreferNoSchedule"}]})";
  struct Case {
    const char* name;
    bool may;
    std::string pod;
    std::string node_spec = "{}";
  };
  const std::vector<Case> cases{
      {"a selector that holds", true, R"("nodeSelector": {"zone": "a"})"},
      {"a selector that does not", false, R"("nodeSelector": {"zone": "b"})"},
      {"a selector without its label", false, R"("nodeSelector": {"disk": "ssd"})"},
      {"In", true, affinity(expression("zone", "In", R"(["a", "b"])"))},
      {"not In", false, affinity(expression("zone", "In", R"(["c"])"))},
      {"NotIn of a label that is not there", true,
       affinity(expression("disk", "NotIn", R"(["hdd"])"))},
      {"Exists", false, affinity(expression("disk", "Exists", "[]"))},
      {"DoesNotExist", true, affinity(expression("disk", "DoesNotExist", "[]"))},
      {"Gt", true, affinity(expression("cores", "Gt", R"(["4"])"))},
      {"not Lt", false, affinity(expression("cores", "Lt", R"(["8"])"))},
      {"Gt of no number", false, affinity(expression("zone", "Gt", R"(["4"])"))},
      {"an operator that nobody knows", false, affinity(expression("zone", "Like", R"(["a"])"))},
      {"either of two terms", true,
       affinity(expression("zone", "In", R"(["c"])") + "," + expression("zone", "In", R"(["a"])"))},
      {"the node's name", true,
       affinity(
           R"({"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n"]}]})")},
      {"a term without requirements holds nothing", false, affinity("{}")},
      {"a taint", false, "", tainted},
      {"a taint that is preferred alone", true, "", preferred},
      {"a taint that is tolerated", true,
       R"("tolerations": [{"key": "edge", "value": "yes", "effect": "NoSchedule"}])", tainted},
      {"a toleration of another value", false, R"("tolerations": [{"key": "edge", "value": "no"}])",
       tainted},
      {"a toleration of another effect", false,
       R"("tolerations": [{"key": "edge", "operator": "Exists", "effect": "NoExecute"}])", tainted},
      {"a toleration of everything", true, R"("tolerations": [{"operator": "Exists"}])", tainted},
  };
  for (const auto& [name, may, pod, node_spec] : cases) {
    EXPECT_EQ(may_run(asking(R"({"cpu": "1"})", pod), *node("n", zone_a, node_spec)), may) << name;
  }
}

TEST(NodePicture, CountsWholePodsNodeByNode) {
  // 8 cores each: on x 3 are left beside a pod of 5 cores, on y 8.
  NodePicture picture({node("x"), node("y")});
  picture.add("batch", placed("x", "batch", {{"cpu", 5000}}));
  const auto all = Selector{};
  const auto more = [&](const std::string& requests, const std::string& rest = "") {
    return picture.room_for(asking(requests, rest), "video", all).more;
  };
  EXPECT_EQ(more(R"({"cpu": "2"})"), (std::vector{1, 4}));
  EXPECT_EQ(more(R"({"cpu": "3500m"})"), (std::vector{0, 2}));
  EXPECT_EQ(more(R"({"cpu": "1", "memory": "5Gi"})"), (std::vector{3, 3}));
  EXPECT_EQ(more("{}"), (std::vector{19, 20}));  // pods are counted too
  EXPECT_EQ(more(R"({"example.com/gpu": "1"})"), (std::vector{0, 0}));
  EXPECT_EQ(more(R"({"cpu": "1"})", R"("nodeSelector": {"zone": "a"})"), (std::vector{0, 0}));
}

TEST(NodePicture, NodesThatTakeNothingInCountNothing) {
  const NodePicture picture({node("cordoned", "{}", R"({"unschedulable": true})"), node("open"),
                             node("silent", "{}", "{}", "Unknown")});
  EXPECT_EQ(picture.room_for(asking(R"({"cpu": "2"})"), "video", {}).more, (std::vector{0, 4, 0}));
  EXPECT_EQ(picture.closed_text(), "2 of 3 nodes take nothing in");
  EXPECT_EQ(NodePicture({node("open")}).closed_text(), "");
}

TEST(NodePicture, WhatStandsCountsWhereverItStands) {
  NodePicture picture({node("x"), node("y", "{}", R"({"unschedulable": true})")});
  picture.add("video", placed("x", "edge", {{"cpu", 2000}}));
  picture.add("video", placed("y", "edge", {{"cpu", 2000}}));
  picture.add("video", placed("x", "other", {{"cpu", 2000}}));
  picture.add("else", placed("x", "edge", {{"cpu", 2000}}));
  picture.add("video", placed("gone", "edge", {{"cpu", 2000}}));
  const auto edge = Selector::parse("app=edge").value();
  const auto room = picture.room_for(asking(R"({"cpu": "2"})"), "video", edge);
  EXPECT_EQ(room.placed, Replicas{2});
  EXPECT_EQ(room.more, (std::vector{1, 0}));
  EXPECT_EQ(room.most(), Replicas{3});
}

TEST(NodePicture, APortOfTheHostIsTakenOnce) {
  NodePicture picture({node("x"), node("y")});
  picture.add("video", placed("x", "edge", {}));
  for (const char* spec : {R"({"containers": [{"ports": [{"hostPort": 443}]}]})",
                           R"({"containers": [{}], "affinity": {"podAntiAffinity":
            {"requiredDuringSchedulingIgnoredDuringExecution":
              [{"topologyKey": "kubernetes.io/hostname"}]}}})"}) {
    EXPECT_EQ(picture.room_for(shape(spec), "video", {}).more, (std::vector{0, 1}));
  }
}

TEST(NodePicture, TakesInExactlyWhatFitsWhenPlacedOneByOne) {
  std::mt19937 random(7);  // NOLINT: the same worlds in each run
  const auto pick = [&](int from, int to) {
    return std::uniform_int_distribution(from, to)(random);
  };
  for (int world = 0; world < 300; ++world) {
    std::vector<std::shared_ptr<const Node>> nodes;
    for (int i = pick(1, 6); i > 0; --i) {
      nodes.push_back(std::make_shared<const Node>(
          Node{.name = "n" + std::to_string(6 - i),
               .allocatable = {{"cpu", pick(0, 9000)}, {"memory", pick(0, 9000)}, {"pods", 9000}},
               .open = pick(0, 3) > 0}));
    }
    std::ranges::sort(nodes, {}, [](const auto& node) { return node->name; });
    NodePicture picture(nodes);
    for (int i = pick(0, 5); i > 0; --i)
      picture.add(
          "else",
          placed(nodes[static_cast<std::size_t>(pick(0, static_cast<int>(nodes.size()) - 1))]->name,
                 "else", {{"cpu", pick(0, 3000)}, {"memory", pick(0, 3000)}}));
    PodShape pod;
    pod.requests = {{"cpu", pick(1, 3000)}};
    if (pick(0, 1) == 1) pod.requests.emplace("memory", pick(1, 3000));
    const Replicas most = picture.room_for(pod, "video", {}).most();
    int stood = 0;
    for (bool found = true; found;) {
      const auto more = picture.room_for(pod, "video", {}).more;
      const auto free = std::ranges::find_if(more, [](int count) { return count > 0; });
      found = free != more.end();
      if (!found) break;
      const auto& on = nodes[static_cast<std::size_t>(free - more.begin())];
      picture.add("video", placed(on->name, "edge", pod.requests));
      ++stood;
      EXPECT_EQ(picture.room_for(pod, "video", {}).most(), most);
    }
    EXPECT_EQ(Replicas{stood}, most);
  }
}

TEST(NodePicture, AFurtherNodeHoldsWhatTheLeastOfItsKindDoesBesideItsDaemons) {
  NodePicture picture({node("x", R"({"zone": "a"})"), node("y", R"({"zone": "a"})"), node("z")});
  picture.add("kube-system",
              std::make_shared<const PlacedPod>(PlacedPod{
                  .node = "x",
                  .on_every_node = true,
                  .labels = std::make_shared<const Labels>(),
                  .requests = std::make_shared<const Resources>(Resources{{"cpu", 500}})}));
  picture.add("batch", placed("y", "batch", {{"cpu", 5000}}));
  const std::string in_a = R"("nodeSelector": {"zone": "a"})";
  EXPECT_EQ(picture.on_a_new_node(asking(R"({"cpu": "2"})", in_a)), 3);
  EXPECT_EQ(picture.on_a_new_node(asking(R"({"cpu": "2"})", R"("nodeSelector": {"zone": "b"})")),
            std::nullopt);
}

TEST(MachineDeployment, SaysHowManyMoreNodesMayCome) {
  const auto more = [](const std::string& most, int replicas) {
    return read_more_nodes(
        R"({"metadata": {"annotations": {)" +
        (most.empty() ? ""
                      : R"("cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size": ")" +
                            most + "\"") +
        R"(}}, "spec": {"replicas": )" + std::to_string(replicas) + "}}");
  };
  EXPECT_EQ(more("10", 4).value(), 6);
  EXPECT_EQ(more("10", 12).value(), 0);
  EXPECT_THAT(more("", 4).error().text(), HasSubstr("is not annotated with cluster.x-k8s.io/"));
  EXPECT_THAT(more("many", 4).error().text(), HasSubstr("no number of machines"));
  EXPECT_FALSE(more("-1", 4).ok());
}

TEST(MostTogether, GivesAPlaceOnce) {
  const TargetRoom a{.placed = Replicas{2}, .more = {3, 0, 1}};
  const TargetRoom b{.placed = Replicas{1}, .more = {3, 5, 0}};
  EXPECT_EQ(most_together(std::vector{a, b}), Replicas{2 + 1 + 3 + 5 + 1});
}

Quota quota(const std::string& name, const std::string& hard, const std::string& used,
            const std::string& spec = "{}") {
  return read_quota(parsed(R"({"metadata": {"name": ")" + name + R"("}, "spec": )" + spec +
                           R"(, "status": {"hard": )" + hard + R"(, "used": )" + used + "}}"))
      .value();
}

TEST(QuotaRoom, IsTheTightestResourceOfTheTightestQuota) {
  const auto pod = shape(
      R"({"containers": [{"resources": {"requests": {"cpu": "2", "memory": "4Gi"},
                                        "limits": {"memory": "8Gi"}}}]})");
  struct Case {
    const char* hard;
    const char* used;
    int more;
    const char* words;
  };
  const std::vector<Case> cases{
      {R"({"requests.cpu": "64"})", R"({"requests.cpu": "57"})", 3,
       "ResourceQuota q leaves 7 of 64 requests.cpu, of which a pod takes 2"},
      {R"({"cpu": "64"})", R"({"cpu": "57500m"})", 3, "leaves 6500m of 64 cpu"},
      {R"({"memory": "64Gi", "pods": "50"})", R"({"memory": "30Gi", "pods": "10"})", 8,
       "leaves 34Gi of 64Gi memory, of which a pod takes 4Gi"},
      {R"({"limits.memory": "64Gi", "pods": "50"})", R"({"limits.memory": "56Gi", "pods": "10"})",
       1, "limits.memory"},
      {R"({"count/pods": "12"})", R"({"count/pods": "10"})", 2, "count/pods"},
      {R"({"pods": "12"})", R"({"pods": "15"})", 0, "leaves 0 of 12 pods"},
  };
  const std::vector<const PodShape*> shapes{&pod};
  for (const auto& [hard, used, more, words] : cases) {
    const std::vector quotas{quota("wide", R"({"pods": "1k"})", R"({"pods": "0"})"),
                             quota("q", hard, used)};
    const auto room = quota_room(quotas, shapes, Replicas{10});
    ASSERT_TRUE(room) << words;
    EXPECT_EQ(room->replicas, Replicas{10 + more}) << room->detail;
    EXPECT_THAT(room->detail, HasSubstr(words));
  }
}

TEST(QuotaRoom, CountsFurtherPodsAsTheLargest) {
  const auto small = asking(R"({"cpu": "1"})");
  const auto large = asking(R"({"cpu": "4"})");
  const std::vector<const PodShape*> shapes{&small, &large};
  const std::vector quotas{quota("q", R"({"cpu": "20"})", R"({"cpu": "10"})")};
  EXPECT_EQ(quota_room(quotas, shapes, Replicas{5})->replicas, Replicas{7});
}

TEST(QuotaRoom, WhatIsNotCountedLimitsNothing) {
  const auto pod = asking(R"({"cpu": "1"})", R"("priorityClassName": "edge")");
  const std::vector<const PodShape*> shapes{&pod};
  const auto limits = [&](const Quota& quota) {
    return quota_room(std::vector{quota}, shapes, Replicas{1}).has_value();
  };
  const std::string none = R"({"pods": "0"})";
  EXPECT_FALSE(limits(quota("not yet counted", none, "{}")));
  EXPECT_FALSE(limits(quota("of other things", R"({"services": "0"})", R"({"services": "0"})")));
  struct Case {
    const char* spec;
    bool limits;
  };
  for (const auto& [spec, expected] : std::vector<Case>{
           {R"({"scopes": ["NotTerminating"]})", true},
           {R"({"scopes": ["Terminating"]})", false},
           {R"({"scopes": ["BestEffort"]})", false},
           {R"({"scopes": ["NotBestEffort", "NotTerminating"]})", true},
           {R"({"scopes": ["CrossNamespacePodAffinity"]})", false},
           {R"({"scopeSelector": {"matchExpressions": [
                {"scopeName": "PriorityClass", "operator": "In", "values": ["edge"]}]}})",
            true},
           {R"({"scopeSelector": {"matchExpressions": [
                {"scopeName": "PriorityClass", "operator": "NotIn", "values": ["edge"]}]}})",
            false},
           {R"({"scopeSelector": {"matchExpressions": [
                {"scopeName": "PriorityClass", "operator": "DoesNotExist"}]}})",
            false},
       }) {
    EXPECT_EQ(limits(quota("q", none, none, spec)), expected) << spec;
  }
}

TEST(AmountText, IsWhatPeopleWrite) {
  const std::int64_t gi = std::int64_t{1000} << 30;
  EXPECT_EQ(amount_text(64'000), "64");
  EXPECT_EQ(amount_text(6'500), "6500m");
  EXPECT_EQ(amount_text(0), "0");
  EXPECT_EQ(amount_text(12 * gi), "12Gi");
  EXPECT_EQ(amount_text(gi / 2), "512Mi");
}

}  // namespace
}  // namespace edgetide::kube
