#include "transport_pieces.h"

namespace edgetide::http {
namespace {

using testing::HasSubstr;
using testing_support::Connection;
using testing_support::make_certificates;
using testing_support::ScriptedServer;
using testing_support::server_context;

void says_ok(Connection& connection, int) {
  connection.read_request();
  connection.write(kOk);
}

TEST(TransportTls, TrustsOnlyTheConfiguredAuthority) {
  const auto certificates = make_certificates("IP:127.0.0.1");
  const auto context = server_context(certificates);
  ScriptedServer server(says_ok, context.get());
  const auto trusted =
      transport_to(server.url(), {.ca_pem = certificates.ca})->send({.target = "/"});
  ASSERT_TRUE(trusted.ok()) << trusted.error().text();
  EXPECT_EQ(trusted->body, "ok");

  const auto other = make_certificates("IP:127.0.0.1");
  const auto refused = transport_to(server.url(), {.ca_pem = other.ca})->send({.target = "/"});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().text(), HasSubstr("certificate is refused"));
  const auto unknown = transport_to(server.url())->send({.target = "/"});
  EXPECT_FALSE(unknown.ok());
}

TEST(TransportTls, VerifiesTheNameAndServerNameReplacesIt) {
  const auto certificates = make_certificates("DNS:api.test");
  const auto context = server_context(certificates);
  ScriptedServer server(says_ok, context.get());
  const auto wrong = transport_to(server.url(), {.ca_pem = certificates.ca})->send({.target = "/"});
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().text(), HasSubstr("not for this host"));
  const auto named =
      transport_to(server.url(), {.ca_pem = certificates.ca, .server_name = "api.test"})
          ->send({.target = "/"});
  EXPECT_TRUE(named.ok()) << named.error().text();
}

TEST(TransportTls, ShowsItsClientCertificate) {
  const auto certificates = make_certificates("IP:127.0.0.1");
  const auto client = make_certificates("DNS:client");
  const auto context = server_context(certificates, client.ca);
  ScriptedServer server(says_ok, context.get());
  const auto shown = transport_to(server.url(), {.ca_pem = certificates.ca,
                                                 .certificate_pem = client.certificate,
                                                 .key_pem = client.key})
                         ->send({.target = "/"});
  EXPECT_TRUE(shown.ok()) << shown.error().text();
  EXPECT_FALSE(transport_to(server.url(), {.ca_pem = certificates.ca})->send({.target = "/"}).ok());
}

/// OpenSSL would ask for its passphrase, at whatever terminal there is.
TEST(TransportTls, AnEncryptedKeyIsRefusedAndNobodyIsAsked) {
  const auto certificates = make_certificates("IP:127.0.0.1");
  const auto made = connect({.base_url = "https://127.0.0.1:1",
                             .tls = {.certificate_pem = certificates.certificate,
                                     .key_pem = certificates.encrypted_key}});
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().text(), "the client key is encrypted; a key without passphrase is needed");
}

TEST(TransportIpv6, ReachesAnAddressInBrackets) {
  std::string seen;
  ScriptedServer plain(
      [&](Connection& c, int) {
        seen = c.read_request();
        c.write(kOk);
      },
      nullptr, "::1");
  const auto answer = transport_to(plain.url())->send({.target = "/"});
  ASSERT_TRUE(answer.ok()) << answer.error().text();
  EXPECT_THAT(seen, HasSubstr("Host:[::1]:" + std::to_string(plain.port())));

  const auto certificates = make_certificates("IP:::1");
  const auto context = server_context(certificates);
  ScriptedServer secure(
      [](Connection& c, int) {
        c.read_request();
        c.write(kOk);
      },
      context.get(), "::1");
  const auto over_tls =
      transport_to(secure.url(), {.ca_pem = certificates.ca})->send({.target = "/"});
  EXPECT_TRUE(over_tls.ok()) << over_tls.error().text();
}

}  // namespace
}  // namespace edgetide::http
