#include <gmock/gmock.h>

#include "client_fake_transport.h"
#include "kube/crds.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;
using ::testing::HasSubstr;

TEST(Crds, AreNamedAsTheirFilesSay) {
  ASSERT_FALSE(crd_files().empty());
  for (const CrdFile& file : crd_files())
    EXPECT_THAT(std::string(file.text), HasSubstr("\n  name: " + crd_name(file) + "\n"));
}

TEST(Crds, AreAppliedByTheServer) {
  FakeTransport::Script script;
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  script.answer = [](const http::Request&) { return http::Response{.status = 200}; };
  EXPECT_TRUE(apply_crd(client, crd_files()[0]).ok());
  const http::Request& sent = script.sent.at(0);
  EXPECT_EQ(sent.method, http::Method::kPatch);
  EXPECT_EQ(sent.target,
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/edgepools.edgetide.io"
            "?fieldManager=edgetide&force=true");
  EXPECT_EQ(sent.body, crd_files()[0].text);
}

TEST(Crds, ARefusalIsTold) {
  FakeTransport::Script script;
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  script.answer = [](const http::Request&) {
    return http::Response{.status = 403, .body = R"({"kind": "Status", "message": "not you"})"};
  };
  const auto applied = apply_crd(client, crd_files()[0]);
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().code, ErrorCode::kForbidden);
}

}  // namespace
}  // namespace edgetide::kube
