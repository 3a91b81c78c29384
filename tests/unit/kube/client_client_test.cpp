#include <gtest/gtest.h>

#include "client_asking.h"

namespace edgetide::kube {
namespace {

using testing::ClientTest;
using testing::FakeTransport;

TEST_F(ClientTest, ItsOwnDeadlineIsInPlaceOfEachCalls) {
  Client kube(std::make_unique<FakeTransport>(script_), {},
              {.deadline = std::chrono::milliseconds{900}});
  answer_with({});
  EXPECT_TRUE(kube.send({.target = "/x", .deadline = std::chrono::milliseconds{60'000}}).ok());
  EXPECT_LE(script_.sent.at(0).deadline, std::chrono::milliseconds{900});
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

}  // namespace
}  // namespace edgetide::kube
