#include "kube/client.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "client_fake_transport.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;

constexpr const char* kCanary = "canary-token-3f9a";

class ClientTest : public ::testing::Test {
 protected:
  Client client(Credential credential = {.token = kCanary}) {
    return Client(
        std::make_unique<FakeTransport>(script_), std::move(credential),
        {.user_agent = "edgetide/test", .backoff = {.first = std::chrono::milliseconds{1}}});
  }

  /// Answers with each of these in turn, then with 200.
  void answer_with(std::vector<Result<http::Response>> answers) {
    auto next = std::make_shared<std::size_t>(0);
    script_.answer = [answers, next](const http::Request&) -> Result<http::Response> {
      if (*next == answers.size()) return http::Response{.status = 200, .body = "fine"};
      return answers[(*next)++];
    };
  }

  static http::Response status(int code, std::string body = "", http::Headers headers = {}) {
    return {.status = code, .headers = std::move(headers), .body = std::move(body)};
  }

  FakeTransport::Script script_;
};

std::string header(const http::Request& request, const std::string& name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return "";
}

TEST_F(ClientTest, SaysWhoItIs) {
  auto kube = client();
  answer_with({});
  EXPECT_EQ(*kube.send({.target = "/version"}), "fine");
  EXPECT_EQ(header(script_.sent.at(0), "Authorization"), std::string{"Bearer "} + kCanary);
  EXPECT_EQ(header(script_.sent.at(0), "User-Agent"), "edgetide/test");
  EXPECT_EQ(header(script_.sent.at(0), "Accept"), "application/json");
}

TEST_F(ClientTest, WithoutATokenThereIsNoHeader) {
  auto kube = client(Credential{});
  answer_with({});
  EXPECT_TRUE(kube.send({.target = "/version"}).ok());
  EXPECT_EQ(header(script_.sent.at(0), "Authorization"), "");
}

TEST_F(ClientTest, AStatusBecomesATypedErrorWithItsCauses) {
  auto kube = client();
  answer_with({status(422, R"({"kind":"Status","status":"Failure","code":422,"reason":"Invalid",
      "message":"edge is invalid","details":{"causes":[
      {"field":"spec.replicas.max","message":"must be at least min",
       "reason":"FieldValueInvalid"}]}})")});
  const auto answer = kube.send({.target = "/apis/edgetide.io/v1alpha1/edgepools?limit=1"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(answer.error().text(),
            "GET /apis/edgetide.io/v1alpha1/edgepools: edge is invalid; spec.replicas.max: must be "
            "at least min");
}

TEST_F(ClientTest, AVersionThatIsTooNewIsCuredLikeOneThatIsTooOld) {
  auto kube = client();
  answer_with({status(500, R"({"kind":"Status","code":504,"reason":"Timeout","message":"x",
      "details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"too large"}]}})")});
  EXPECT_EQ(kube.send({.target = "/x"}).error().code, ErrorCode::kExpired);
}

TEST_F(ClientTest, EachStatusHasItsCode) {
  const std::vector<std::pair<int, ErrorCode>> expected{
      {301, ErrorCode::kInvalid},   {400, ErrorCode::kInvalid},    {401, ErrorCode::kUnauthorized},
      {403, ErrorCode::kForbidden}, {404, ErrorCode::kNotFound},   {405, ErrorCode::kInvalid},
      {409, ErrorCode::kConflict},  {410, ErrorCode::kExpired},    {413, ErrorCode::kTooLarge},
      {422, ErrorCode::kInvalid},   {500, ErrorCode::kUnavailable}};
  for (const auto& [code, expected_code] : expected) {
    auto kube = client();
    answer_with({status(code, "<html>a proxy's page</html>")});
    const auto answer = kube.send({.target = "/x"});
    ASSERT_FALSE(answer.ok()) << code;
    EXPECT_EQ(answer.error().code, expected_code) << code;
    EXPECT_EQ(answer.error().message, "HTTP status " + std::to_string(code));
  }
}

TEST_F(ClientTest, OverloadAndLostConnectionsAreTriedAgain) {
  const Error refused{.code = ErrorCode::kUnavailable, .message = "connection refused"};
  for (const Result<http::Response>& trouble :
       {Result<http::Response>(status(503)), Result<http::Response>(status(504)),
        Result<http::Response>(status(429)), Result<http::Response>(refused),
        Result<http::Response>(status(500, "", {{"Retry-After", "0"}}))}) {
    auto kube = client();
    answer_with({trouble, trouble});
    EXPECT_TRUE(kube.send({.target = "/x"}).ok());
    EXPECT_EQ(kube.retries(), 2u);
  }
}

TEST_F(ClientTest, WhatWillNotGetBetterIsNotTriedAgain) {
  for (const int code : {400, 403, 404, 409, 410, 422, 500}) {
    script_.sent.clear();
    auto kube = client();
    answer_with({status(code)});
    EXPECT_FALSE(kube.send({.target = "/x"}).ok());
    EXPECT_EQ(script_.sent.size(), 1u) << code;
  }
}

TEST_F(ClientTest, GivesUpAfterTheMostAttempts) {
  auto kube = client();
  answer_with(std::vector<Result<http::Response>>(100, status(503)));
  EXPECT_EQ(kube.send({.target = "/x"}).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(script_.sent.size(), 5u);
}

TEST_F(ClientTest, WaitsAsLongAsTheServerAsks) {
  auto kube = client();
  answer_with({status(429, "", {{"Retry-After", "1"}})});
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(kube.send({.target = "/x"}).ok());
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
}

TEST_F(ClientTest, AWaitBeyondTheDeadlineIsNotBegun) {
  auto kube = client();
  answer_with({status(429, "", {{"Retry-After", "3600"}})});
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(kube.send({.target = "/x"}).error().code, ErrorCode::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
}

TEST_F(ClientTest, TheDeadlineCountsForAllTriesTogether) {
  auto kube = client();
  answer_with({status(503), status(503)});
  EXPECT_TRUE(kube.send({.target = "/x", .deadline = std::chrono::milliseconds{4000}}).ok());
  EXPECT_LE(script_.sent.at(0).deadline, std::chrono::milliseconds{4000});
  EXPECT_LE(script_.sent.at(2).deadline, script_.sent.at(0).deadline);
}

TEST_F(ClientTest, WithoutAPermitOnlyReadsAreSent) {
  std::optional<std::chrono::milliseconds> permit;
  Client kube(std::make_unique<FakeTransport>(script_), {},
              {.write_permit = [&] { return permit; }});
  answer_with({});
  EXPECT_TRUE(kube.send({.target = "/scale"}).ok());
  for (const auto method : {http::Method::kPut, http::Method::kPatch, http::Method::kPost}) {
    EXPECT_EQ(kube.send({.method = method, .target = "/scale"}).error().code,
              ErrorCode::kCancelled);
  }
  EXPECT_EQ(script_.all_sent().size(), 1u);
  permit = std::chrono::milliseconds{250};
  EXPECT_TRUE(kube.send({.method = http::Method::kPut, .target = "/scale"}).ok());
  EXPECT_LE(script_.all_sent().at(1).deadline, *permit);
}

TEST_F(ClientTest, APermitIsAskedForAgainBeforeEachTry) {
  int asked = 0;
  Client kube(std::make_unique<FakeTransport>(script_), {},
              {.write_permit =
                   [&] {
                     return ++asked == 1 ? std::optional{std::chrono::milliseconds{1000}}
                                         : std::nullopt;
                   },
               .backoff = {.first = std::chrono::milliseconds{1}}});
  answer_with({status(503), status(503)});
  EXPECT_EQ(kube.send({.method = http::Method::kPut, .target = "/scale"}).error().code,
            ErrorCode::kCancelled);
  EXPECT_EQ(script_.all_sent().size(), 1u);
}

TEST_F(ClientTest, ATokenOnFileIsReadAgainOnceAfterA401) {
  const std::string path = ::testing::TempDir() + "client_token";
  std::ofstream(path) << "first\n";
  auto kube = client({.token_file = path});
  answer_with({});
  EXPECT_TRUE(kube.send({.target = "/x"}).ok());
  std::ofstream(path) << " second \n";
  answer_with({status(401)});
  EXPECT_TRUE(kube.send({.target = "/x"}).ok());
  EXPECT_EQ(header(script_.sent.at(1), "Authorization"), "Bearer first");
  EXPECT_EQ(header(script_.sent.at(2), "Authorization"), "Bearer second");

  answer_with({status(401), status(401)});
  EXPECT_EQ(kube.send({.target = "/x"}).error().code, ErrorCode::kUnauthorized);
  EXPECT_EQ(script_.sent.size(), 5u);
}

TEST_F(ClientTest, ATokenThatCannotBeReadAgainStays) {
  const std::string path = ::testing::TempDir() + "client_token_gone";
  std::ofstream(path) << "kept";
  TokenSource source({.token_file = path});
  const std::chrono::steady_clock::time_point start{};
  EXPECT_EQ(*source.token(start), "kept");
  std::remove(path.c_str());
  EXPECT_EQ(*source.token(start + std::chrono::minutes{10}), "kept");
  std::ofstream(path) << "new";
  EXPECT_EQ(*source.token(start + std::chrono::minutes{11}), "new");
}

TEST_F(ClientTest, ATokenIsReadAgainAfterAMinute) {
  const std::string path = ::testing::TempDir() + "client_token_rotated";
  std::ofstream(path) << "one";
  TokenSource source({.token_file = path});
  const std::chrono::steady_clock::time_point start{};
  EXPECT_EQ(*source.token(start), "one");
  std::ofstream(path) << "two";
  EXPECT_EQ(*source.token(start + std::chrono::seconds{59}), "one");
  EXPECT_EQ(*source.token(start + std::chrono::seconds{60}), "two");
}

TEST_F(ClientTest, AFileThatHoldsNoTokenIsRefusedWithoutItsContent) {
  const std::string path = ::testing::TempDir() + "client_token_bad";
  for (const std::string content : {"", " \n", "canary\r\nX-Evil: 1", "can\tary"}) {
    std::ofstream(path) << content;
    auto kube = client({.token_file = path});
    const auto answer = kube.send({.target = "/x"});
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::kUnauthorized);
    EXPECT_EQ(answer.error().text().find("canary"), std::string::npos);
    EXPECT_NE(answer.error().text().find(path), std::string::npos);
  }
  EXPECT_TRUE(script_.sent.empty());
}

TEST_F(ClientTest, NoErrorTextHoldsTheToken) {
  for (const auto& trouble :
       {Result<http::Response>(status(401)), Result<http::Response>(status(500)),
        Result<http::Response>(Error{.code = ErrorCode::kTimeout, .message = "too late"})}) {
    auto kube = client();
    answer_with({trouble});
    EXPECT_EQ(kube.send({.target = "/x"}).error().text().find(kCanary), std::string::npos);
  }
}

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

TEST_F(ClientTest, MoreThanTheBurstWaitForTheRate) {
  Client kube(std::make_unique<FakeTransport>(script_), {.token = kCanary},
              {.rate_limit = RateLimit::Options{.per_second = 20, .burst = 2}});
  answer_with({});
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(kube.send({.target = "/x"}).ok());
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds{90});
  EXPECT_GE(kube.rate_limit_wait(), std::chrono::milliseconds{90});
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
