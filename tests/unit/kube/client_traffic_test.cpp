#include <gtest/gtest.h>

#include "client_asking.h"

namespace edgetide::kube {
namespace {

using testing::ClientTest;
using testing::FakeTransport;
using testing::kCanary;

TEST_F(ClientTest, RequestsAreCountedByVerbResourceAndCode) {
  auto kube = client();
  answer_with({status(503), status(200), status(404),
               Error{.code = ErrorCode::kInvalid, .message = "may not be sent"}});
  EXPECT_TRUE(kube.send({.target = "/api/v1/namespaces/video/pods?limit=1"}).ok());
  EXPECT_FALSE(kube.send({.target = "/apis/apps/v1/namespaces/a/deployments/edge/scale"}).ok());
  EXPECT_FALSE(kube.send({.target = "/version"}).ok());
  EXPECT_EQ(kube.requests(), (RequestCounts::Counts{{{"list", "pods", 503}, 1},
                                                    {{"list", "pods", 200}, 1},
                                                    {{"get", "deployments/scale", 404}, 1},
                                                    {{"get", "none", 0}, 1}}));
}

TEST_F(ClientTest, SaysWhichPriorityLevelHeldARequestBack) {
  std::vector<std::string> said;
  Client kube(std::make_unique<FakeTransport>(script_), {.token = kCanary},
              {.on_throttled = [&](const std::string& line) { said.push_back(line); }});
  answer_with({status(429, "",
                      {{"Retry-After", "0"},
                       {"x-kubernetes-pf-flowschema-uid", "flow-1"},
                       {"X-Kubernetes-PF-PriorityLevel-UID", "level-2"}})});
  EXPECT_TRUE(kube.send({.target = "/api/v1/pods?limit=1"}).ok());
  EXPECT_EQ(said, std::vector<std::string>{
                      "the API server holds back GET /api/v1/pods; Retry-After 0; "
                      "X-Kubernetes-PF-FlowSchema-UID flow-1; X-Kubernetes-PF-PriorityLevel-UID "
                      "level-2"});
}

TEST_F(ClientTest, APriorityLevelThatHoldsRequestsBackIsToldOnce) {
  std::vector<std::string> said;
  Client kube(std::make_unique<FakeTransport>(script_), {.token = kCanary},
              {.on_throttled = [&](const std::string& line) { said.push_back(line); }});
  const auto by = [](const char* level) {
    return status(429, "", {{"Retry-After", "0"}, {"X-Kubernetes-PF-PriorityLevel-UID", level}});
  };
  answer_with({by("one"), by("one"), by("two")});
  EXPECT_TRUE(kube.send({.target = "/x"}).ok());
  ASSERT_EQ(said.size(), 2u);
  EXPECT_NE(said[1].find("two"), std::string::npos);
}

TEST_F(ClientTest, MoreThanTheBurstWaitForTheRate) {
  Client kube(std::make_unique<FakeTransport>(script_), {.token = kCanary},
              {.rate_limit = RateLimit::Options{.per_second = 20, .burst = 2}});
  answer_with({});
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(kube.send({.target = "/x"}).ok());
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds{90});
  EXPECT_GT(kube.rate_limit_wait(), std::chrono::milliseconds{0}) << "less on a busy machine";
}

TEST_F(ClientTest, WhatTheRateLimitKeepsBeyondItsDeadlineIsNotSent) {
  Client kube(std::make_unique<FakeTransport>(script_), {.token = kCanary},
              {.rate_limit = RateLimit::Options{.per_second = 0.01, .burst = 1}});
  answer_with({});
  EXPECT_TRUE(kube.send({.target = "/x"}).ok());
  EXPECT_EQ(kube.send({.target = "/x"}).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(script_.all_sent().size(), 1u);
}

TEST(RateLimit, EarnsWhileItRestsAndNoMoreThanTheBurst) {
  using std::chrono::milliseconds;
  const RateLimit::SteadyTime start{};
  RateLimit limit({.per_second = 10, .burst = 2}, start);
  const auto wait = [&](int at) {
    const auto turn = limit.reserve(start + milliseconds{at}, milliseconds{150});
    return turn ? std::chrono::round<milliseconds>(*turn).count() : -1;
  };
  EXPECT_EQ(wait(0), 0);
  EXPECT_EQ(wait(0), 0);
  EXPECT_EQ(wait(0), 100);
  EXPECT_EQ(wait(0), -1) << "and nothing is taken";
  EXPECT_EQ(wait(100), 100);
  for (const int expected : {0, 0, 100}) EXPECT_EQ(wait(60'000), expected);
}

TEST(RequestKind, IsReadFromThePath) {
  struct Case {
    http::Method method;
    const char* target;
    const char* expected;
  };
  using enum http::Method;
  for (const auto& [method, target, expected] : {
           Case{kGet, "/api/v1/pods?watch=1&resourceVersion=3", "watch pods"},
           Case{kGet, "/apis/edgetide.io/v1alpha1/edgepools?resourceVersion=0", "list edgepools"},
           Case{kGet, "/apis/apps/v1/namespaces/a/deployments", "list deployments"},
           Case{kGet, "/api/v1/namespaces/a", "get namespaces"},
           Case{kGet, "/apis/apps/v1", "get none"},
           Case{kPut, "/apis/apps/v1/namespaces/a/deployments/b/scale", "update deployments/scale"},
           Case{kPost, "/apis/events.k8s.io/v1/namespaces/a/events", "create events"},
           Case{kPatch, "/apis/edgetide.io/v1alpha1/namespaces/a/edgepools/b/status?force=true",
                "patch edgepools/status"},
           Case{kDelete, "/api/v1/namespaces/a/pods/b", "delete pods"},
       }) {
    const auto kind = kind_of_request(method, target, 200);
    EXPECT_EQ(kind.verb + " " + kind.resource, expected) << target;
  }
}

}  // namespace
}  // namespace edgetide::kube
