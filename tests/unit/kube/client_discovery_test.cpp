#include <gtest/gtest.h>

#include "client_fake_transport.h"
#include "kube/discovery.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;

TEST(Discovery, SaysWhatIsWrongWithAKindAndAsksOnce) {
  FakeTransport::Script script;
  script.answer = [](const http::Request&) {
    return http::Response{.status = 200, .body = R"({"kind":"APIResourceList","resources":[
        {"name":"things","kind":"Thing","namespaced":true},
        {"name":"things/scale","kind":"Scale","namespaced":true},
        {"name":"others","kind":"Other","namespaced":true},
        {"name":"globals","kind":"Global","namespaced":false},
        {"name":"globals/scale","kind":"Scale","namespaced":false}]})"};
  };
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  Discovery discovery(client);
  const auto answer = [&](const std::string& kind) {
    const auto plural = discovery.scalable_plural("x.io/v1", kind);
    return plural.ok() ? *plural : plural.error().text();
  };
  EXPECT_EQ(answer("Thing"), "things");
  EXPECT_EQ(answer("Thing"), "things");
  EXPECT_EQ(script.sent.size(), 1u);
  EXPECT_EQ(answer("Other"), "x.io/v1 Other: has no scale subresource");
  EXPECT_EQ(answer("Global"), "x.io/v1 Global: is not namespaced, so no pool can scale it");
  EXPECT_EQ(answer("Nothing"), "x.io/v1 Nothing: the server serves no such kind");
}

}  // namespace
}  // namespace edgetide::kube
