#include <gtest/gtest.h>

#include "contract/kube_api.h"
#include "contract/tcp_relay.h"
#include "json/large.h"
#include "kube/discovery.h"
#include "kube/watch_decoder.h"
#include "kube/watched.h"

/// What the client and the reflector promise, held against a real API server.
namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::KubeApi;
using testing::TcpRelay;

TEST(KubeClient, AWrongTokenIsUnauthorized) {
  Access access = KubeApi::instance().access();
  access.credential = {.token = "wrong-token"};
  auto client = KubeApi::connect(access);
  const auto answer = client.send({.target = "/api/v1/namespaces"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnauthorized);
  EXPECT_EQ(answer.error().text().find("wrong-token"), std::string::npos);
}

TEST(KubeClient, AServerOfAnotherAuthorityIsRefused) {
  Access access = KubeApi::instance().access();
  access.endpoint.tls.ca_pem.clear();  // the system's authorities have not signed a test server
  auto client = KubeApi::connect(access);
  const auto answer = client.send({.target = "/version"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
}

TEST(KubeClient, AServerOfAnotherNameIsRefused) {
  Access access = KubeApi::instance().access();
  access.endpoint.tls.server_name = "somebody.else";
  auto client = KubeApi::connect(access);
  EXPECT_FALSE(client.send({.target = "/version"}).ok());
}

TEST(KubeClient, RefusalsAreTyped) {
  auto& client = KubeApi::instance().client();
  EXPECT_EQ(client.send({.target = "/api/v1/namespaces/none/pods/none"}).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(client.send({.target = "/apis/nothing.example/v1"}).error().code, ErrorCode::kNotFound);
  const auto bad = client.send({.method = http::Method::kPost,
                                .target = testing::pools_in("default"),
                                .body = R"({"apiVersion":"edgetide.io/v1alpha1","kind":"EdgePool",
                                            "metadata":{"name":"bad"},"spec":{}})",
                                .content_type = "application/json"});
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalid);
  EXPECT_NE(bad.error().message.find("spec.demand"), std::string::npos) << bad.error().message;
}

TEST(KubeClient, KindsAreDiscovered) {
  Discovery discovery(KubeApi::instance().client());
  EXPECT_EQ(discovery.scalable_plural("apps/v1", "Deployment").value(), "deployments");
  EXPECT_EQ(discovery.scalable_plural("apps/v1", "StatefulSet").value(), "statefulsets");
  EXPECT_EQ(discovery.scalable_plural("v1", "ReplicationController").value(),
            "replicationcontrollers");
  EXPECT_EQ(discovery.scalable_plural("autoscaling/v2", "HorizontalPodAutoscaler").value(),
            "horizontalpodautoscalers");
  const auto without = discovery.scalable_plural("v1", "ConfigMap");
  EXPECT_EQ(without.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(without.error().text(), "v1 ConfigMap: has no scale subresource");
  EXPECT_EQ(discovery.scalable_plural("apps/v1", "Nothing").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(discovery.scalable_plural("no.example/v1", "Thing").error().code, ErrorCode::kNotFound);
}

/// Takes the first line of a watch.
class FirstLine final : public http::BodySink {
 public:
  bool on_bytes(std::string_view bytes) override {
    text += bytes;
    return text.find('\n') == std::string::npos;
  }
  void on_open() override { opened = true; }
  std::string text;
  bool opened = false;
};

TEST(KubeClient, AVersionThatIsTooOldExpires) {
  FirstLine line;
  const auto failure = KubeApi::instance().client().stream(
      {.target = testing::pools_in("") + "?watch=1&resourceVersion=1",
       .idle = std::chrono::seconds{10},
       .deadline = std::chrono::seconds{20}},
      line, {});
  if (failure) {
    EXPECT_EQ(failure->error.code, ErrorCode::kExpired) << failure->error.text();
    return;
  }
  Failure in_stream;
  ASSERT_TRUE(visit_watch_event(line.text, [&](WatchEventType, simdjson::dom::element object) {
                in_stream = failure_of_status(object, "");
              }).ok());
  EXPECT_EQ(in_stream.error.code, ErrorCode::kExpired) << line.text;
}

TEST(KubeClient, AVersionThatTheServerHasNotReachedIsListedAfresh) {
  FirstLine line;
  const auto failure =
      KubeApi::instance().client().stream({.target = "/api/v1/pods?resourceVersion=99999999999",
                                           .idle = std::chrono::seconds{10},
                                           .deadline = std::chrono::seconds{20}},
                                          line, {});
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->error.code, ErrorCode::kExpired) << failure->error.text();
}

/// ConfigMaps of one namespace by their "value", through a relay that can be cut.
class KubeReflector : public ::testing::Test {
 protected:
  KubeReflector()
      : name_space_(api_.make_namespace()),
        path_("/api/v1/namespaces/" + name_space_ + "/configmaps"),
        relay_(api_.access().endpoint.base_url),
        client_(KubeApi::connect(relayed())),
        maps_(client_, value_of, {}, options(), {}) {}

  Access relayed() const {
    Access access = api_.access();
    access.endpoint.base_url = relay_.url();
    return access;
  }

  ReflectorOptions options() const {
    ReflectorOptions options;
    options.name = "configmaps";
    options.collection = [path = path_] { return Result<std::string>(path); };
    options.query = "fieldSelector=metadata.name%21%3Dkube-root-ca.crt";
    options.backoff = {.first = std::chrono::milliseconds{50},
                       .longest = std::chrono::milliseconds{200}};
    return options;
  }

  static Result<std::string> value_of(simdjson::dom::element map, const std::string*) {
    const auto data = json::at(map, "data");
    return std::string{data ? json::string_at(*data, "value").value_or("") : ""};
  }

  void make(const std::string& name, const std::string& value) {
    api_.create(path_, {{"apiVersion", "v1"},
                        {"kind", "ConfigMap"},
                        {"metadata", {{"name", name}}},
                        {"data", {{"value", value}}}});
  }
  [[nodiscard]] bool comes_to(const std::string& name, const std::string& value) {
    return eventually([&] {
      const auto found = maps_.store().find({name_space_, name});
      return value.empty() ? found == nullptr : found && *found == value;
    });
  }

  KubeApi& api_ = KubeApi::instance();
  std::string name_space_;
  std::string path_;
  TcpRelay relay_;
  Client client_;
  Watched<std::string> maps_;
};

TEST_F(KubeReflector, FollowsWhatHappens) {
  make("before", "1");
  maps_.reflector().start();
  EXPECT_TRUE(comes_to("before", "1"));
  make("after", "2");
  EXPECT_TRUE(comes_to("after", "2"));
  api_.merge(path_ + "/before", {{"data", {{"value", "3"}}}});
  EXPECT_TRUE(comes_to("before", "3"));
  api_.remove(path_ + "/after");
  EXPECT_TRUE(comes_to("after", ""));
  EXPECT_EQ(maps_.reflector().statistics().lists, 1u);
  EXPECT_EQ(maps_.reflector().statistics().errors, 0u);
  EXPECT_EQ(maps_.reflector().contact_age().count(), 0);
}

/// The whole objects and their metadata alone; empty collections as well.
TEST_F(KubeReflector, BeginsWithAListThatTheServerStreams) {
  for (const bool metadata_only : {false, true}) {
    for (const bool empty : {true, false}) {
      if (!empty && !metadata_only) make("a", "1");
      Client client = KubeApi::connect(relayed());
      auto wanted = options();
      wanted.metadata_only = [metadata_only] { return metadata_only; };
      wanted.query = empty ? "labelSelector=nobody%3Dhas" : wanted.query;
      Watched<std::string> maps(client, value_of, {}, wanted, {});
      maps.reflector().start();
      ASSERT_TRUE(eventually([&] { return maps.reflector().synced(); }));
      EXPECT_EQ(maps.store().find({name_space_, "a"}) != nullptr, !empty);
      EXPECT_TRUE(client.streams_lists());
      EXPECT_EQ(maps.reflector().statistics().watches, 1U);
      EXPECT_EQ(maps.reflector().statistics().errors, 0U);
      maps.reflector().stop();
      for (const auto& [kind, count] : client.requests()) EXPECT_NE(kind.verb, "list");
    }
  }
}

/// A version is never older than one that was seen before, be it that the server has to catch up.
TEST_F(KubeReflector, AListThatIsStreamedIsOfThisMoment) {
  for (int made = 0; made < 10; ++made) {
    const std::string name = "map-" + std::to_string(made);
    make(name, "1");
    Client client = KubeApi::connect(relayed());
    Watched<std::string> maps(client, value_of, {}, options(), {});
    maps.reflector().start();
    ASSERT_TRUE(eventually([&] { return maps.reflector().synced(); }));
    EXPECT_NE(maps.store().find({name_space_, name}), nullptr);
    EXPECT_TRUE(client.streams_lists());
  }
}

TEST_F(KubeReflector, ASilentWatchStandsBeforeItsFirstByte) {
  maps_.reflector().start();
  EXPECT_TRUE(eventually(
      [&] { return maps_.reflector().synced() && maps_.reflector().contact_age().count() == 0; }));
}

TEST_F(KubeReflector, GoesOnAfterACutWithoutListingAgain) {
  make("a", "1");
  maps_.reflector().start();
  ASSERT_TRUE(comes_to("a", "1"));
  for (int cut = 2; cut < 5; ++cut) {
    relay_.refuse();
    api_.merge(path_ + "/a", {{"data", {{"value", std::to_string(cut)}}}});
    EXPECT_TRUE(eventually([&] { return maps_.reflector().contact_age().count() > 300; }));
    EXPECT_TRUE(maps_.reflector().trouble().has_value());
    relay_.accept();
    EXPECT_TRUE(comes_to("a", std::to_string(cut)));
  }
  EXPECT_EQ(maps_.reflector().statistics().lists, 1u);
}

TEST_F(KubeReflector, StopsSoonWhileAWatchIsSilent) {
  maps_.reflector().start();
  ASSERT_TRUE(eventually([&] { return maps_.reflector().synced(); }));
  const auto began = std::chrono::steady_clock::now();
  maps_.reflector().stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{10});
}

}  // namespace
}  // namespace edgetide::kube
