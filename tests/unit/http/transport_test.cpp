#include "transport_pieces.h"

namespace edgetide::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing_support::Connection;
using testing_support::ScriptedServer;
using Steady = std::chrono::steady_clock;

TEST(Transport, SendsWhatItIsGivenAndReturnsWhatCame) {
  std::string seen;
  ScriptedServer server([&](Connection& c, int) {
    seen = c.read_request();
    c.write("HTTP/1.1 409 Conflict\r\nX-Reason: changed\r\nContent-Length: 3\r\n\r\nno!");
  });
  const auto answer =
      transport_to(server.url() + "/prefix")
          ->send({.method = Method::kPut,
                  .target = "/api/v1/x?a=b%2Bc",
                  .headers = {{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}},
                  .body = "{}"});
  ASSERT_TRUE(answer.ok()) << answer.error().text();
  EXPECT_EQ(answer->status, 409);
  EXPECT_EQ(answer->body, "no!");
  EXPECT_EQ(answer->header("x-reason"), "changed");
  EXPECT_THAT(seen, HasSubstr("PUT /prefix/api/v1/x?a=b%2Bc HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Authorization:Bearer t\r\n"));
  EXPECT_THAT(seen, HasSubstr("Content-Type:application/json\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\n\r\n{}"));
}

TEST(Transport, NeverFollowsARedirectSoThatATokenStaysHome) {
  ScriptedServer elsewhere([](Connection& c, int) { c.write(kOk); });
  ScriptedServer server([&](Connection& c, int) {
    c.read_request();
    c.write("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() +
            "/\r\nContent-Length: 0\r\n\r\n");
  });
  const auto answer =
      transport_to(server.url())->send({.target = "/", .headers = {{"Authorization", "Bearer t"}}});
  ASSERT_TRUE(answer.ok()) << answer.error().text();
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(Transport, RefusesWhatMustNotBeSent) {
  ScriptedServer server([](Connection& c, int) { c.write(kOk); });
  const auto transport = transport_to(server.url());
  const std::vector<Request> wrong{
      {.target = "/", .headers = {{"Authorization", "Bearer t\r\nX-Injected: 1"}}},
      {.target = "/", .headers = {{"Bad Name", "1"}}},
      {.target = "relative"},
      {.target = "/with blank"}};
  for (const auto& request : wrong) {
    const auto answer = transport->send(request);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(answer.error().text(), Not(HasSubstr("Bearer")));
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(Transport, UnusableEndpointsAreRefusedInWords) {
  const std::vector<Endpoint> wrong{
      {.base_url = "ftp://host"},
      {.base_url = "http://"},
      {.base_url = "http://user:secret@host"},
      {.base_url = "http://host:0"},
      {.base_url = "http://host:99999"},
      {.base_url = "http://host/path?query"},
      {.base_url = "http://[::1"},
      {.base_url = "https://host", .tls = {.ca_pem = "junk"}},
      {.base_url = "https://host", .tls = {.certificate_pem = "junk", .key_pem = "junk"}}};
  for (const auto& endpoint : wrong) {
    const auto made = connect(endpoint);
    ASSERT_FALSE(made.ok()) << endpoint.base_url;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(made.error().text(), Not(HasSubstr("secret")));
  }
}

TEST(TransportPool, AStaleKeptConnectionCostsAReadNothing) {
  ScriptedServer server([](Connection& c, int) {
    c.read_request();
    c.write(kOk);  // and closes without having said so
  });
  const auto transport = transport_to(server.url());
  for (int i = 0; i < 5; ++i) {
    const auto answer = transport->send({.target = "/"});
    ASSERT_TRUE(answer.ok()) << i << ": " << answer.error().text();
    std::this_thread::sleep_for(20ms);
  }
}

TEST(TransportPool, APostIsNeverSentTwice) {
  std::atomic<int> posts = 0;
  ScriptedServer server([&](Connection& c, int) {
    for (std::string request = c.read_request(); !request.empty(); request = c.read_request()) {
      if (request.starts_with("POST")) {
        ++posts;
        return;  // dies after it has read the request
      }
      c.write(kOk);
    }
  });
  const auto transport = transport_to(server.url());
  ASSERT_TRUE(transport->send({.target = "/"}).ok());
  EXPECT_FALSE(transport->send({.method = Method::kPost, .target = "/", .body = "x"}).ok());
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(posts, 1);
}

class SlowServers : public testing::TestWithParam<const char*> {};

TEST_P(SlowServers, CannotOutlastTheDeadline) {
  const std::string how = GetParam();
  const auto script = [how](Connection& c, int) {
    if (how != "deaf") c.read_request();
    if (how == "drip") {
      c.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
      while (c.write("x")) std::this_thread::sleep_for(50ms);
    }
    if (how == "half a head") c.write("HTTP/1.1 200");
    if (how == "cut late") return static_cast<void>(c.closed_within(400));  // and again
    c.closed_within(4000);
  };
  ScriptedServer server(script);
  const auto scheme = how == "no handshake" ? "https" + server.url().substr(4) : server.url();
  const auto before = Steady::now();
  const auto answer = transport_to(scheme)->send({.target = "/", .deadline = 500ms});
  const auto took = Steady::now() - before;
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout) << answer.error().text();
  EXPECT_LT(took, 3500ms);
}

INSTANTIATE_TEST_SUITE_P(Ways, SlowServers,
                         testing::Values("silent", "deaf", "drip", "cut late", "half a head",
                                         "no handshake"));

TEST(TransportStop, EndsARequestThatHangs) {
  ScriptedServer server([](Connection& c, int) { c.closed_within(4000); });
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  const auto before = Steady::now();
  const auto answer =
      transport_to(server.url())->send({.target = "/", .deadline = 4s, .stop = stop.get_token()});
  EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
  EXPECT_LT(Steady::now() - before, 3500ms);
}

}  // namespace
}  // namespace edgetide::http
