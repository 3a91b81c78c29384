#include "kube/quota_room.h"

#include <gmock/gmock.h>

#include "room_pieces.h"

/// What ResourceQuotas leave, by the rules of their admission.
namespace edgetide::kube {
namespace {

using ::testing::HasSubstr;

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

}  // namespace
}  // namespace edgetide::kube
