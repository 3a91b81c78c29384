#include "promql/connection.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "fake_transport.h"

namespace edgetide::promql {
namespace {

const Instant kNow = *parse_instant("2026-12-05T20:00:00Z");

/// A connection whose Secrets and endpoints can be looked at.
struct Bench {
  explicit Bench(model::MetricSource spec) : source(std::move(spec)) {}

  FakeServer server{[](const http::Request&) { return ok("{}"); }};
  model::MetricSource source;
  std::map<std::string, std::string> secrets;
  std::optional<Error> failure;
  int reads = 0;
  std::vector<http::Endpoint> endpoints;
  Connection connection{
      source,
      [this](const std::string& name_space, const std::string& name,
             const std::string& key) -> Result<std::string> {
        ++reads;
        if (failure) return *failure;
        const auto found = secrets.find(name_space + "/" + name + "/" + key);
        if (found == secrets.end()) return Error{ErrorCode::kNotFound, "not there"};
        return found->second;
      },
      [this](const http::Endpoint& endpoint) {
        endpoints.push_back(endpoint);
        return Result<std::unique_ptr<http::Transport>>{std::make_unique<FakeTransport>(server)};
      }};

  http::Headers headers(Instant now = kNow) {
    const auto session = connection.session(now);
    EXPECT_TRUE(session.ok()) << session.error().text();
    return session ? (*session)->headers : http::Headers{};
  }
  std::string error(Instant now = kNow) {
    const auto session = connection.session(now);
    return session ? "no error" : session.error().text();
  }
};

model::MetricSource plain() {
  model::MetricSource spec;
  spec.name = "video";
  spec.url = "https://prometheus:9090";
  return spec;
}

model::MetricSource with_bearer() {
  auto spec = plain();
  spec.authorization = {.type = model::SourceAuthorization::Type::kBearer,
                        .token = {"monitoring", "prom", "token"}};
  return spec;
}

TEST(Connection, SendsATokenWithoutItsLineBreak) {
  Bench bench{with_bearer()};
  bench.secrets["monitoring/prom/token"] = " abc.def\r\n";
  EXPECT_EQ(bench.headers(), (http::Headers{{"Authorization", "Bearer abc.def"}}));
}

TEST(Connection, EncodesBasicCredentials) {
  auto spec = plain();
  spec.authorization = {.type = model::SourceAuthorization::Type::kBasic,
                        .username = {"m", "p", "user"},
                        .password = {"m", "p", "password"}};
  Bench bench{spec};
  bench.secrets["m/p/user"] = "Aladdin";
  bench.secrets["m/p/password"] = "open sesame";  // RFC 7617's own example.
  EXPECT_EQ(bench.headers()[0].second, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  Bench colon{spec};
  colon.secrets["m/p/user"] = "a:b";
  EXPECT_EQ(colon.error(), "Secret m/p, key user: a user name holds no ':'");
}

TEST(Connection, PassesCertificatesHeadersAndServerName) {
  auto spec = plain();
  spec.tls = {.ca = model::SecretKeyRef{"m", "tls", "ca.crt"},
              .certificate = model::SecretKeyRef{"m", "tls", "tls.crt"},
              .key = model::SecretKeyRef{"m", "tls", "tls.key"},
              .server_name = "prom.internal"};
  spec.headers = {{.name = "X-Scope-OrgID", .value = "video"},
                  {.name = "X-Key", .secret = model::SecretKeyRef{"m", "key", "k"}}};
  Bench bench{spec};
  bench.secrets = {{"m/tls/ca.crt", "CA\n"},
                   {"m/tls/tls.crt", "CERT"},
                   {"m/tls/tls.key", "KEY"},
                   {"m/key/k", "v\n"}};
  EXPECT_EQ(bench.headers(), (http::Headers{{"X-Scope-OrgID", "video"}, {"X-Key", "v"}}));
  const auto& endpoint = bench.endpoints.at(0);
  EXPECT_EQ(endpoint.base_url, "https://prometheus:9090");
  EXPECT_EQ(endpoint.tls.ca_pem, "CA\n");
  EXPECT_EQ(endpoint.tls.certificate_pem, "CERT");
  EXPECT_EQ(endpoint.tls.key_pem, "KEY");
  EXPECT_EQ(endpoint.tls.server_name, "prom.internal");
  EXPECT_FALSE(endpoint.tls.insecure);
}

TEST(Connection, ReadsSecretsAgainAfterAMinute) {
  Bench bench{with_bearer()};
  bench.secrets["monitoring/prom/token"] = "one";
  EXPECT_EQ(bench.headers()[0].second, "Bearer one");
  bench.secrets["monitoring/prom/token"] = "two";
  EXPECT_EQ(bench.headers(kNow + Seconds{59})[0].second, "Bearer one");
  EXPECT_EQ(bench.reads, 1);
  EXPECT_EQ(bench.headers(kNow + Seconds{60})[0].second, "Bearer two");
  EXPECT_EQ(bench.endpoints.size(), 2u);
  EXPECT_EQ(bench.headers(kNow + Seconds{120})[0].second, "Bearer two");
  EXPECT_EQ(bench.endpoints.size(), 2u);  // Unchanged: the same connection.
}

TEST(Connection, OutlivesAnUnreachableApiServerButNotADeletedSecret) {
  Bench bench{with_bearer()};
  bench.secrets["monitoring/prom/token"] = "one";
  EXPECT_EQ(bench.headers()[0].second, "Bearer one");
  bench.failure = Error{ErrorCode::kUnavailable, "connection refused"};
  EXPECT_EQ(bench.headers(kNow + Seconds{60})[0].second, "Bearer one");
  bench.failure.reset();
  bench.secrets.clear();
  EXPECT_EQ(bench.error(kNow + Seconds{120}), "Secret monitoring/prom, key token: not there");
}

TEST(Connection, NeverTellsASecret) {
  Bench bench{with_bearer()};
  for (const std::string bad : {"hush\nX-Evil: 1", "hush\x01", "\n", ""}) {
    bench.secrets["monitoring/prom/token"] = bad;
    const std::string error = bench.error();
    EXPECT_EQ(error.find("hush"), std::string::npos) << error;
    EXPECT_TRUE(error.starts_with("Secret monitoring/prom, key token: ")) << error;
  }
  auto spec = plain();
  spec.url = "https://user:hush@prometheus:9090/x";
  Bench url{spec};
  EXPECT_EQ(url.error(), "the url holds a user: name a Secret in authorization");
}

}  // namespace
}  // namespace edgetide::promql
