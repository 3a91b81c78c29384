#include <gmock/gmock.h>

#include "client_fake_transport.h"
#include "kube/client.h"
#include "kube/warnings.h"

namespace edgetide::kube {
namespace {

using ::testing::ElementsAre;
using testing::FakeTransport;
using ::testing::IsEmpty;

TEST(Client, PassesOnWhatTheServerWarnsOf) {
  FakeTransport::Script script;
  script.answer = [](const http::Request&) -> Result<http::Response> {
    return http::Response{
        .status = 200,
        .headers = {{"Warning", R"(299 - "v1beta1 is \"old\"", 299 - "unknown field")"}},
        .body = "{}"};
  };
  std::vector<std::string> warnings;
  Client client(std::make_unique<FakeTransport>(script), {.token = "a-token"},
                {.on_warning = [&](const std::string& text) { warnings.push_back(text); }});
  EXPECT_TRUE(client.send({.target = "/x?y=z"}).ok());
  EXPECT_THAT(warnings, ElementsAre("the API server warns at GET /x: v1beta1 is \"old\"",
                                    "the API server warns at GET /x: unknown field"));
}

TEST(Warnings, AreTheTextsInQuotes) {
  EXPECT_THAT(warnings_in(R"(299 - "one")"), ElementsAre("one"));
  EXPECT_THAT(warnings_in(""), IsEmpty());
  EXPECT_THAT(warnings_in("299 - "), IsEmpty());
  EXPECT_THAT(warnings_in(R"(299 - "", 299 - "unclosed)"), IsEmpty());
  EXPECT_THAT(warnings_in("299 - \"ends in a backslash\\"), IsEmpty());
}

}  // namespace
}  // namespace edgetide::kube
