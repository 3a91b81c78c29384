#include <gtest/gtest.h>

#include "kube/listing.h"
#include "unit/kube/client_fake_transport.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;

std::string item(const std::string& name) {
  return R"({"metadata":{"name":")" + name + R"(","managedFields":[{"manager":"kubectl"}]}})";
}

TEST(Listing, ReadsPageByPageWhatTheSelectorSelects) {
  FakeTransport::Script script;
  script.answer = [](const http::Request& request) {
    const bool second = request.target.find("&continue=more%2F1") != std::string::npos;
    return Result<http::Response>(http::Response{
        .status = 200,
        .body = second ? R"({"metadata":{},"items":[)" + item("b") + "]}"
                       : R"({"metadata":{"continue":"more/1"},"items":[)" + item("a") + "]}"});
  };
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  const auto listed = list_objects(client, "/apis/x/v1/things", "service=live");
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ((*listed)[0]["metadata"]["name"], "a");
  EXPECT_EQ((*listed)[1]["metadata"]["name"], "b");
  EXPECT_FALSE((*listed)[0]["metadata"].contains("managedFields"));
  ASSERT_EQ(script.sent.size(), 2u);
  EXPECT_EQ(script.sent[0].target, "/apis/x/v1/things?limit=500&labelSelector=service%3Dlive");
}

TEST(Listing, AnErrorOnAnyPageIsNoList) {
  FakeTransport::Script script;
  script.answer = [](const http::Request& request) {
    const bool second = request.target.find("&continue=") != std::string::npos;
    return Result<http::Response>(
        second
            ? http::Response{.status = 403, .body = "{}"}
            : http::Response{.status = 200, .body = R"({"metadata":{"continue":"1"},"items":[]})"});
  };
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  const auto listed = list_objects(client, "/apis/x/v1/things");
  ASSERT_FALSE(listed.ok());
  EXPECT_EQ(listed.error().code, ErrorCode::kForbidden);
}

TEST(Listing, GetsOneObject) {
  FakeTransport::Script script;
  script.answer = [](const http::Request& request) {
    if (request.target != "/apis/x/v1/things/a")
      return Result<http::Response>(http::Response{.status = 404, .body = "{}"});
    return Result<http::Response>(http::Response{.status = 200, .body = item("a")});
  };
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  const auto found = get_object(client, "/apis/x/v1/things/a");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ((*found)["metadata"]["name"], "a");
  const auto none = get_object(client, "/apis/x/v1/things/b");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace edgetide::kube
