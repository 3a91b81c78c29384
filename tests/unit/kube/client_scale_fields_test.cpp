#include <gtest/gtest.h>

#include "client_fake_transport.h"
#include "json/json.h"
#include "kube/scale_fields.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;

const ScaleFields kDeployment{.specified = {"spec", "replicas"},
                              .existing = {"status", "replicas"},
                              .selector = {"spec", "selector"},
                              .structured = true};
const ScaleFields kCustom{.specified = {"spec", "size"},
                          .existing = {"status", "pods", "count"},
                          .selector = {"status", "selector"}};

std::optional<ShownScale> shown(const std::string& object, const ScaleFields& fields) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text(object);
  return decode_target(parser.parse(text).value(), fields).value().scale;
}

std::string with_selector(const std::string& selector) {
  return R"({"metadata":{},"spec":{"replicas":4,"selector":)" + selector + "}}";
}

TEST(ScaleFields, AnObjectSaysWhatItsScaleWould) {
  EXPECT_EQ(shown(R"({"metadata":{},"spec":{"size":4},"status":{"selector":"app=edge",
                  "pods":{"count":3}}})",
                  kCustom),
            (ShownScale{Replicas{4}, Replicas{3}, "app=edge"}));
  EXPECT_EQ(shown(R"({"metadata":{},"spec":{"size":0}})", kCustom),
            (ShownScale{Replicas{0}, Replicas{0}, ""}));
}

TEST(ScaleFields, ALabelSelectorIsWrittenAsTheServerWould) {
  const auto scale =
      shown(with_selector(R"({"matchLabels":{"app":"edge","tier":"a"},"matchExpressions":[
                       {"key":"zone","operator":"In","values":["a","b"]},
                       {"key":"zone","operator":"NotIn","values":["c"]},
                       {"key":"old","operator":"DoesNotExist"},
                       {"key":"new","operator":"Exists"}]})"),
            kDeployment);
  ASSERT_TRUE(scale);
  EXPECT_EQ(scale->selector, "app=edge,new,!old,tier=a,zone in (a,b),zone notin (c)");
}

TEST(ScaleFields, WhatIsNotAsTheServerWantsItIsLeftToTheScale) {
  for (const char* object :
       {R"({"metadata":{}})", R"({"metadata":{},"spec":{}})",
        R"({"metadata":{},"spec":{"size":null}})", R"({"metadata":{},"spec":{"size":"4"}})",
        R"({"metadata":{},"spec":{"size":4.5}})", R"({"metadata":{},"spec":{"size":-1}})",
        R"({"metadata":{},"spec":{"size":4294967297}})", R"({"metadata":{},"spec":4})",
        R"({"metadata":{},"spec":{"size":4},"status":{"pods":{"count":"3"}}})",
        R"({"metadata":{},"spec":{"size":4},"status":{"selector":{"app":"edge"}}})"})
    EXPECT_EQ(shown(object, kCustom), std::nullopt) << object;
  for (const char* selector :
       {"null", "{}", R"("app=edge")", R"({"matchLabels":{"app":1}})",
        R"({"matchExpressions":[{"key":"a","operator":"Like","values":["b"]}]})",
        R"({"matchExpressions":[{"key":"a","operator":"In","values":[1]}]})",
        R"({"matchExpressions":[{"operator":"Exists"}]})"})
    EXPECT_EQ(shown(with_selector(selector), kDeployment), std::nullopt) << selector;
}

TEST(ScaleFields, ADefinitionNamesThemByVersion) {
  const std::string definition = R"({"spec":{"versions":[
      {"name":"v1","subresources":{"scale":{"specReplicasPath":".spec.replicas",
       "statusReplicasPath":".status.replicas"}}},
      {"name":"v2","subresources":{"scale":{"specReplicasPath":".spec.size",
       "statusReplicasPath":".status.pods.count","labelSelectorPath":".status.selector"}}},
      {"name":"v3"}]}})";
  EXPECT_EQ(scale_fields_in(definition, "v2"), kCustom);
  EXPECT_EQ(scale_fields_in(definition, "v1")->selector, ScaleFields::Path{});
  EXPECT_EQ(scale_fields_in(definition, "v3"), std::nullopt);
  EXPECT_EQ(scale_fields_in(definition, "v4"), std::nullopt);
  for (const char* body : {"", "[]", "{}", R"({"spec":{"versions":3}})",
                           R"({"spec":{"versions":[{"name":"v2","subresources":{"scale":{}}}]}})"})
    EXPECT_EQ(scale_fields_in(body, "v2"), std::nullopt) << body;
}

/// Asks for the fields of a kind; answers every request with that status.
class FindScaleFields : public ::testing::Test {
 protected:
  FindScaleFields() : client_(std::make_unique<FakeTransport>(script_), {}, {.max_attempts = 1}) {
    script_.answer = [this](const http::Request&) { return http::Response{.status = status_}; };
  }
  [[nodiscard]] Result<std::optional<ScaleFields>> of(const std::string& api_version,
                                                      const std::string& kind) {
    return find_scale_fields(client_, api_version, kind, "things");
  }

  int status_ = 403;
  FakeTransport::Script script_;
  Client client_;
};

TEST_F(FindScaleFields, OnlyACustomKindsOwnDefinitionIsAskedFor) {
  EXPECT_EQ(of("apps/v1", "Deployment").value(), kDeployment);
  EXPECT_EQ(of("apps/v1", "StatefulSet").value(), kDeployment);
  EXPECT_EQ(of("v1", "ReplicationController").value(), std::nullopt);
  EXPECT_EQ(of("keda.sh/v1alpha1", "ScaledObject").value(), std::nullopt);
  EXPECT_TRUE(script_.sent.empty());
  EXPECT_EQ(of("cache.example/v1", "Thing").value(), std::nullopt);
  EXPECT_EQ(script_.sent.at(0).target,
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.cache.example");
}

TEST_F(FindScaleFields, AServerThatCannotBeAskedIsAskedAgain) {
  status_ = 503;
  EXPECT_EQ(of("cache.example/v1", "Thing").error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace edgetide::kube
