#include <gmock/gmock.h>

#include "kube/machine_deployments.h"
#include "kube/node_room.h"
#include "room_pieces.h"

/// What a pod asks of a node, by the rules of the scheduler.
namespace edgetide::kube {
namespace {

using ::testing::HasSubstr;

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
