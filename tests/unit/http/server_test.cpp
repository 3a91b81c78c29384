#include "http/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <thread>
#include <utility>

namespace edgetide::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

std::unique_ptr<Server> served(int max_connections = 128) {
  auto server = listen({.host = "127.0.0.1", .max_connections = max_connections},
                       {{"/livez", [] { return ServerAnswer{.body = "ok\n"}; }}});
  EXPECT_TRUE(server.ok());
  return std::move(*server);
}

/// A raw client that says what it likes.
class Peer {
 public:
  explicit Peer(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    const timeval patience{.tv_sec = 15, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { close(socket_); }

  bool say(std::string_view text) const {
    return send(socket_, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  /// Everything until the server closes or has sent `enough` bytes.
  std::string hear(std::size_t enough = SIZE_MAX) const {
    std::string heard;
    char buffer[4096];
    while (heard.size() < enough) {
      const auto count = recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      heard.append(buffer, static_cast<std::size_t>(count));
    }
    return heard;
  }

 private:
  int socket_;
};

struct Said {
  std::string request;
  std::string answer;  // what the server's words begin with; empty for a close without words
};

TEST(Server, ARouteThatThrowsIsAnswered500AndEndsNothing) {
  int asked = 0;
  auto server = listen({.host = "127.0.0.1"}, {{"/metrics", [&]() -> ServerAnswer {
                                                  if (++asked == 1) throw std::bad_alloc();
                                                  return {.body = "1\n"};
                                                }}});
  ASSERT_TRUE(server.ok());
  const Peer peer((*server)->port());
  peer.say("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(peer.hear(12), StartsWith("HTTP/1.1 500"));
  const Peer another((*server)->port());
  another.say("GET /metrics HTTP/1.0\r\n\r\n");
  EXPECT_THAT(another.hear(), HasSubstr("\r\n\r\n1\n"));
}

/// Such as no memory for its session.
TEST(Server, AGateThatThrowsCostsTheConnectionAlone) {
  int asked = 0;
  auto server = listen({.host = "127.0.0.1",
                        .gate =
                            [&](const Visitor&, const std::function<void(Admission)>& tell) {
                              if (++asked == 1) throw std::bad_alloc();
                              tell(Admission::kAdmitted);
                            }},
                       {{"/metrics", [] { return ServerAnswer{.body = "1\n"}; }}});
  ASSERT_TRUE(server.ok());
  const Peer peer((*server)->port());
  peer.say("GET /metrics HTTP/1.0\r\n\r\n");
  EXPECT_EQ(peer.hear(), "");
  const Peer another((*server)->port());
  another.say("GET /metrics HTTP/1.0\r\n\r\n");
  EXPECT_THAT(another.hear(), HasSubstr("\r\n\r\n1\n"));
}

class ServerAnswers : public testing::TestWithParam<Said> {};

TEST_P(ServerAnswers, WithinItsLimits) {
  const auto server = served();
  const Peer peer(server->port());
  peer.say(GetParam().request);
  const auto heard = peer.hear(12);
  EXPECT_THAT(heard, StartsWith(GetParam().answer));
  const Peer another(server->port());  // and still serves
  another.say("GET /livez HTTP/1.0\r\n\r\n");
  EXPECT_THAT(another.hear(), HasSubstr("ok\n"));
}

const std::string kHead = "GET /livez HTTP/1.1\r\nHost: x\r\n";

INSTANTIATE_TEST_SUITE_P(
    Requests, ServerAnswers,
    testing::Values(Said{kHead + "\r\n", "HTTP/1.1 200"},
                    Said{"HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200"},
                    Said{"GET /livez?verbose HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200"},
                    Said{"GET /else HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404"},
                    Said{"DELETE /livez HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405"},
                    Said{"POST /livez HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 413"},
                    Said{kHead + "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n", "HTTP/1.1 400"},
                    Said{kHead + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
                         "HTTP/1.1 400"},
                    Said{kHead + "X: " + std::string(1 << 20, 'x') + "\r\n\r\n", "HTTP/1.1 431"},
                    Said{"junk\r\n\r\n", "HTTP/1.1 400"}));

TEST(Server, AnswersPipelinedRequestsInTurn) {
  const auto server = served();
  const Peer peer(server->port());
  peer.say(kHead + "\r\n" + kHead + "Connection: close\r\n\r\n");
  const auto heard = peer.hear();
  const auto first = heard.find("HTTP/1.1 200");
  ASSERT_NE(first, std::string::npos);
  EXPECT_NE(heard.find("HTTP/1.1 200", first + 1), std::string::npos) << heard;
}

/// A fleet's metrics are large, and who scrapes them keeps its connection until the next time.
TEST(Server, KeepsNoAnswerThatHasBeenSent) {
  constexpr std::size_t kLarge = 64u << 20;
  const auto large = [] { return ServerAnswer{.body = std::string(kLarge, 'x')}; };
  const auto server = listen({.host = "127.0.0.1"}, {{"/metrics", large}});
  ASSERT_TRUE(server.ok());
  const Peer peer((*server)->port());
  const auto mapped = [] { return mallinfo2().hblkhd; };
  peer.say("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  {
    auto heard = peer.hear(kLarge);
    const auto whole = heard.find("\r\n\r\n") + 4 + kLarge;
    heard += peer.hear(whole - heard.size());
    EXPECT_EQ(heard.size(), whole);
  }
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (mapped() > kLarge / 2 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(10ms);
  EXPECT_LT(mapped(), kLarge / 2);
  peer.say("GET /else HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(peer.hear(12), StartsWith("HTTP/1.1 404")) << "on the same connection";
}

TEST(Server, TurnsAwayConnectionsAboveItsLimitAndRecovers) {
  const auto server = served(2);
  {
    const Peer one(server->port());
    const Peer two(server->port());
    one.say(kHead);  // half a request each, so that both stay
    two.say(kHead);
    std::this_thread::sleep_for(100ms);
    const Peer three(server->port());
    three.say(kHead + "\r\n");
    EXPECT_EQ(three.hear(), "");
  }
  std::this_thread::sleep_for(100ms);
  const Peer again(server->port());
  again.say(kHead + "\r\n");
  EXPECT_THAT(again.hear(12), StartsWith("HTTP/1.1 200"));
}

TEST(Server, ClosesAConnectionThatDripsItsRequest) {
  const auto server = served();
  const Peer peer(server->port());
  const auto before = std::chrono::steady_clock::now();
  peer.say("GET /livez HT");
  peer.hear();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 60s);
}

TEST(Server, StopsSoonWhateverPeersDo) {
  auto server = served();
  const Peer peer(server->port());
  peer.say(kHead);
  const auto before = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST(Server, SaysWhyItCannotListen) {
  const auto server = served();
  const auto taken = listen({.host = "127.0.0.1", .port = server->port()}, {});
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(taken.error().text(), HasSubstr("Address already in use"));
  EXPECT_EQ(listen({.host = "localhost"}, {}).error().code, ErrorCode::kInvalid);
}

TEST(Server, ServesBothFamiliesOnOneSocket) {
  auto server = listen({.host = "::"}, {{"/livez", [] { return ServerAnswer{.body = "ok\n"}; }}});
  ASSERT_TRUE(server.ok());
  const Peer v4((*server)->port());
  v4.say("GET /livez HTTP/1.0\r\n\r\n");
  EXPECT_THAT(v4.hear(), HasSubstr("ok\n"));
}

TEST(ServerGate, AWaitingRequestKeepsNoOtherWaiting) {
  std::promise<std::pair<Visitor, std::function<void(Admission)>>> came;
  const auto gate = [&](const Visitor& visitor, std::function<void(Admission)> tell) {
    if (visitor.path == "/livez") return tell(Admission::kAdmitted);
    came.set_value({visitor, std::move(tell)});
  };
  const auto answer = [] { return ServerAnswer{.body = "ok\n"}; };
  const auto server =
      listen({.host = "127.0.0.1", .gate = gate}, {{"/livez", answer}, {"/metrics", answer}});
  ASSERT_TRUE(server.ok());
  const Peer scraper((*server)->port());
  scraper.say("GET /metrics?x HTTP/1.0\r\nhost: a.host:9\r\nauthorization: bearer a.token\r\n\r\n");
  const auto [visitor, tell] = came.get_future().get();
  EXPECT_EQ(visitor.path, "/metrics");
  EXPECT_EQ(visitor.host, "a.host");
  EXPECT_EQ(visitor.token, "a.token");
  const Peer probe((*server)->port());
  probe.say("GET /livez HTTP/1.0\r\n\r\n");
  EXPECT_THAT(probe.hear(), HasSubstr("ok\n"));
  tell(Admission::kAdmitted);
  EXPECT_THAT(scraper.hear(), HasSubstr("ok\n"));
}

/// What the gate says, and how the answer begins.
using Refusal = std::pair<Admission, std::string>;
class ServerRefusals : public testing::TestWithParam<Refusal> {};

TEST_P(ServerRefusals, HaveAStatusOfTheirOwnAndNothingElse) {
  const auto& [admission, beginning] = GetParam();
  const auto gate = [&](const Visitor& visitor, const std::function<void(Admission)>& tell) {
    EXPECT_EQ(visitor.token, "") << "of another scheme";
    tell(admission);
  };
  const auto server = listen({.host = "127.0.0.1", .gate = gate},
                             {{"/metrics", [] { return ServerAnswer{.body = "what is told"}; }}});
  ASSERT_TRUE(server.ok());
  const Peer peer((*server)->port());
  peer.say("GET /metrics HTTP/1.0\r\nAuthorization: Basic YTpi\r\n\r\n");
  const auto heard = peer.hear();
  EXPECT_THAT(heard, StartsWith(beginning));
  EXPECT_THAT(heard, testing::Not(HasSubstr("what is told")));
  EXPECT_EQ(heard.find("WWW-Authenticate: Bearer") != std::string::npos,
            admission == Admission::kUnauthenticated);
}

INSTANTIATE_TEST_SUITE_P(Verdicts, ServerRefusals,
                         testing::Values(Refusal{Admission::kUnauthenticated, "HTTP/1.0 401"},
                                         Refusal{Admission::kForbidden, "HTTP/1.0 403"},
                                         Refusal{Admission::kUnknown, "HTTP/1.0 503"},
                                         Refusal{Admission::kMisdirected, "HTTP/1.0 421"}));

}  // namespace
}  // namespace edgetide::http
