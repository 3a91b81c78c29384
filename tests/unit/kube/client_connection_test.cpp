#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "client_fake_transport.h"
#include "kube/connection.h"

namespace edgetide::kube {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::FakeTransport;

constexpr milliseconds kNever = std::chrono::hours{1};

/// A server whose certificate is that of one authority; others cannot reach it.
class ConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / (std::string{"connection_"} + test->name());
    fs::create_directories(folder_);
    put("ca", "old");
  }

  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }

  std::unique_ptr<http::Transport> open(milliseconds read_again_after) {
    const std::string ca = (folder_ / "ca").string();
    return Connection::open({.endpoint = {.base_url = "https://api", .tls = {.ca_pem = "old"}},
                             .tls_files = {.ca = ca}},
                            {.connect = [this](const http::Endpoint& to) { return connect(to); },
                             .on_problem = [this](const std::string& p) { problems_.push_back(p); },
                             .read_again_after = read_again_after})
        .value();
  }

  Result<std::unique_ptr<http::Transport>> connect(const http::Endpoint& endpoint) {
    const std::string ca = endpoint.tls.ca_pem;
    if (ca == "broken") return Error{.code = ErrorCode::kInvalid, .message = "no PEM"};
    made_.push_back(ca);
    auto& script = scripts_[ca];
    script.answer = [this, ca](const http::Request&) -> Result<http::Response> {
      if (ca == server_ca_) return http::Response{.status = 200, .body = ca};
      if (refuses_by_401_) return http::Response{.status = 401};
      return Error{.code = ErrorCode::kUnavailable, .message = "TLS"};
    };
    return std::unique_ptr<http::Transport>(std::make_unique<FakeTransport>(script));
  }

  fs::path folder_;
  std::string server_ca_ = "old";
  bool refuses_by_401_ = false;
  std::map<std::string, FakeTransport::Script> scripts_;
  std::vector<std::string> made_;
  std::vector<std::string> problems_;
};

TEST_F(ConnectionTest, ARotatedAuthorityIsReadWhenTheServerIsNotBelievedAnyMore) {
  const auto connection = open(kNever);
  ASSERT_EQ(connection->send({})->body, "old");
  server_ca_ = "new";
  EXPECT_FALSE(connection->send({}).ok());
  put("ca", "new");
  EXPECT_EQ(connection->send({})->body, "new");
  EXPECT_EQ(made_, (std::vector<std::string>{"old", "new"}));
}

TEST_F(ConnectionTest, ARotatedClientCertificateIsReadWhenTheServerAnswers401) {
  const auto connection = open(kNever);
  server_ca_ = "new";
  refuses_by_401_ = true;
  EXPECT_EQ(connection->send({})->status, 401);
  put("ca", "new");
  EXPECT_EQ(connection->send({})->status, 200);
}

TEST_F(ConnectionTest, FilesAreReadAgainAfterAWhileThoughNothingFails) {
  const auto connection = open(milliseconds::zero());
  put("ca", "both");
  ASSERT_FALSE(connection->send({}).ok());
  EXPECT_EQ(made_, (std::vector<std::string>{"old", "both"}));
}

TEST_F(ConnectionTest, FilesThatCannotBeUsedLeaveWhatWasThere) {
  const auto connection = open(milliseconds::zero());
  put("ca", "broken");
  EXPECT_EQ(connection->send({})->body, "old");
  EXPECT_EQ(connection->send({})->body, "old");
  fs::remove(folder_ / "ca");
  EXPECT_EQ(connection->send({})->body, "old");
  EXPECT_EQ(problems_.size(), 2u) << "each said once";
  EXPECT_NE(problems_.back().find((folder_ / "ca").string()), std::string::npos);
}

TEST_F(ConnectionTest, UnchangedFilesMakeNoNewTransport) {
  const auto connection = open(milliseconds::zero());
  ASSERT_TRUE(connection->send({}).ok());
  server_ca_ = "elsewhere";
  EXPECT_FALSE(connection->send({}).ok());
  EXPECT_EQ(made_.size(), 1u);
}

TEST_F(ConnectionTest, AStreamThatIsRefusedHasTheNextOneOpenedByTheNewFiles) {
  struct Nothing final : http::BodySink {
    bool on_bytes(std::string_view) override { return true; }
  } sink;
  const auto connection = open(kNever);
  put("ca", "new");
  scripts_["old"].add(
      {.error = Error{.code = ErrorCode::kUnavailable, .message = "TLS"}, .opens = false});
  EXPECT_FALSE(connection->stream({}, sink, kNever, {}).ok());
  scripts_["new"].add({});
  EXPECT_TRUE(connection->stream({}, sink, kNever, {}).ok());
}

TEST_F(ConnectionTest, WithoutFilesThereIsNothingToFollow) {
  auto plain =
      Connection::open({.endpoint = {.base_url = "https://api", .tls = {.ca_pem = "old"}}},
                       {.connect = [this](const http::Endpoint& to) { return connect(to); }});
  ASSERT_TRUE(plain.ok());
  EXPECT_NE(dynamic_cast<FakeTransport*>(plain->get()), nullptr);
}

}  // namespace
}  // namespace edgetide::kube
