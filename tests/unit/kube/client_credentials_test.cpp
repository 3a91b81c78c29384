#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "client_asking.h"
#include "kube/text_sink.h"

namespace edgetide::kube {
namespace {

using testing::ClientTest;
using testing::FakeTransport;
using testing::header;
using testing::kCanary;

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

TEST_F(ClientTest, ActsAsSomebodyElseWhereThatIsAsked) {
  auto kube = client({.token = kCanary, .as = "ada", .as_groups = {"edge", "night"}});
  answer_with({});
  EXPECT_TRUE(kube.send({.target = "/version"}).ok());
  EXPECT_EQ(header(script_.sent.at(0), "Authorization"), std::string{"Bearer "} + kCanary);
  EXPECT_EQ(header(script_.sent.at(0), "Impersonate-User"), "ada");
  int groups = 0;
  for (const auto& [key, value] : script_.sent.at(0).headers)
    groups += key == "Impersonate-Group" ? 1 : 0;
  EXPECT_EQ(groups, 2);
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

/// A server, or what stands before it, that says what it was asked, credentials and all.
TEST_F(ClientTest, NothingIsPassedOnThatRepeatsTheToken) {
  std::string said;
  const auto hear = [&](const std::string& line) { said += line; };
  Client kube(std::make_unique<FakeTransport>(script_), {.token = kCanary},
              {.on_throttled = hear,
               .on_warning = hear,
               .backoff = {.first = std::chrono::milliseconds{1}}});
  const std::string echo = std::string{"Bearer "} + kCanary;
  const http::Headers headers{{"Warning", "299 - \"what is " + echo + "\""},
                              {"X-Kubernetes-PF-PriorityLevel-UID", echo},
                              {"Warning", "299 - \"old\""}};
  const std::string body =
      R"({"kind":"Status","code":403,"reason":"Forbidden","message":"what is )" + echo + R"("})";
  answer_with({status(429, body, headers), status(403, body, headers)});
  said += kube.send({.target = "/x"}).error().text();
  answer_with({status(200, "fine", headers)});
  EXPECT_EQ(*kube.send({.target = "/x"}), "fine");
  script_.add({.status = 403, .pieces = {body}, .headers = headers});
  TextSink refused(1 << 20);
  said += kube.stream({.target = "/x"}, refused, {})->error.text();
  EXPECT_EQ(said.find(kCanary), std::string::npos) << said;
  EXPECT_NE(said.find("HTTP status 403"), std::string::npos) << said;
}

}  // namespace
}  // namespace edgetide::kube
