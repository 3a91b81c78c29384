#include <gtest/gtest.h>

#include "contract/kube_api.h"
#include "kube/paths.h"
#include "kube/scale_client.h"
#include "kube/target_watches.h"

/// What is read off a target itself, held against what a real API server says of its scale.
namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::KubeApi;

constexpr const char* kDefinitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

json::Value definition() {
  const json::Value anything{{"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}};
  return {{"apiVersion", "apiextensions.k8s.io/v1"},
          {"kind", "CustomResourceDefinition"},
          {"metadata", {{"name", "caches.contract.example"}}},
          {"spec",
           {{"group", "contract.example"},
            {"scope", "Namespaced"},
            {"names", {{"kind", "Cache"}, {"plural", "caches"}, {"singular", "cache"}}},
            {"versions", json::Value::array(
                             {{{"name", "v1"},
                               {"served", true},
                               {"storage", true},
                               {"schema",
                                {{"openAPIV3Schema",
                                  {{"type", "object"},
                                   {"properties", {{"spec", anything}, {"status", anything}}}}}}},
                               {"subresources",
                                {{"status", json::Value::object()},
                                 {"scale",
                                  {{"specReplicasPath", ".spec.size"},
                                   {"statusReplicasPath", ".status.pods.count"},
                                   {"labelSelectorPath", ".status.selector"}}}}}}})}}}};
}

class ScaleFieldsContract : public ::testing::Test {
 protected:
  /// Makes an object of that kind.
  void make(const std::string& api_version, const std::string& kind, const std::string& plural,
            const json::Value& spec) {
    const std::string collection = collection_path(api_version, plural, name_space_);
    path_ = collection + "/edge";
    ASSERT_TRUE(eventually([&] { return api_.client().send({.target = collection}).ok(); }));
    api_.create(collection, {{"apiVersion", api_version},
                             {"kind", kind},
                             {"metadata", {{"name", "edge"}}},
                             {"spec", spec}});
    fields_ = find_scale_fields(api_.client(), api_version, kind, plural).value();
    ASSERT_TRUE(fields_);
  }

  /// The scale that the object shows, and that of the server at the same version.
  void expect_agreement() {
    for (int tried = 0; tried < 20; ++tried) {
      const auto shown = look();
      const auto scale = decode_scale(api_.client().send({.target = path_ + "/scale"}).value());
      ASSERT_TRUE(scale.ok()) << scale.error().text();
      if (scale->resource_version != shown.resource_version) continue;
      ASSERT_TRUE(shown.scale);
      EXPECT_EQ(shown.scale->specified, scale->specified);
      EXPECT_EQ(shown.scale->existing, scale->existing);
      EXPECT_EQ(Selector::parse(shown.scale->selector).value(),
                Selector::parse(scale->selector).value());
      return;
    }
    FAIL() << "its version does not stand still";
  }

  [[nodiscard]] ShownTarget look() {
    const auto body = api_.client().send({.target = path_}).value();
    simdjson::dom::parser parser;
    return decode_target(parser.parse(simdjson::padded_string(body)).value(), fields_).value();
  }

  [[nodiscard]] static json::Value workload(int replicas) {
    const json::Value labels{{"app", "edge"}, {"zone", "b"}, {"stage", "live"}};
    const json::Value zones{
        {"key", "zone"}, {"operator", "In"}, {"values", json::Value::array({"a", "b"})}};
    const json::Value canary{{"key", "canary"}, {"operator", "DoesNotExist"}};
    const json::Value stage{{"key", "stage"}, {"operator", "Exists"}};
    return {{"replicas", replicas},
            {"selector",
             {{"matchLabels", {{"app", "edge"}}},
              {"matchExpressions", json::Value::array({zones, canary, stage})}}},
            {"template",
             {{"metadata", {{"labels", labels}}},
              {"spec",
               {{"terminationGracePeriodSeconds", 0},
                {"containers", json::Value::array({{{"name", "edge"}, {"image", "edge"}}})}}}}}};
  }

  KubeApi& api_ = KubeApi::instance();
  std::string name_space_ = api_.make_namespace();
  std::string path_;
  std::optional<ScaleFields> fields_;
};

TEST_F(ScaleFieldsContract, ADeploymentAgreesWithItsScale) {
  make("apps/v1", "Deployment", "deployments", workload(3));
  expect_agreement();
  ASSERT_TRUE(eventually([&] { return look().scale->existing == Replicas{3}; }));
  expect_agreement();
  api_.merge(path_, {{"spec", {{"replicas", 0}}}});
  expect_agreement();
  ASSERT_TRUE(eventually([&] { return look().scale->existing == Replicas{0}; }));
  expect_agreement();
}

TEST_F(ScaleFieldsContract, AStatefulSetAgreesWithItsScale) {
  auto spec = workload(2);
  spec["serviceName"] = "edge";
  make("apps/v1", "StatefulSet", "statefulsets", spec);
  ASSERT_TRUE(eventually([&] { return look().scale->existing > Replicas{0}; }));
  expect_agreement();
}

TEST_F(ScaleFieldsContract, ACustomResourceAgreesByItsDefinitionAndNoScaleIsRead) {
  if (!api_.client().send({.target = std::string{kDefinitions} + "/caches.contract.example"}).ok())
    api_.create(kDefinitions, definition());
  make("contract.example/v1", "Cache", "caches", {{"size", 4}});
  expect_agreement();
  api_.merge(path_ + "/status",
             {{"status", {{"pods", {{"count", 3}}}, {"selector", "app=edge,zone in (a,b)"}}}});
  expect_agreement();

  Client client = KubeApi::connect(api_.access());
  TargetWatches targets(client, {});
  const TargetKey key{name_space_, {"contract.example/v1", "Cache", "edge"}};
  targets.follow({key});
  ASSERT_TRUE(eventually([&] { return targets.observe(key).known; }));
  EXPECT_EQ(targets.observe(key).specified, Replicas{4});
  ASSERT_TRUE(targets.scale(key, Replicas{4}, Replicas{6}).ok());
  EXPECT_EQ(targets.observe(key).specified, Replicas{6});
  EXPECT_EQ(json::get_int(api_.get(path_), "spec.size", 0, 100).value(), 6);
  api_.merge(path_, {{"spec", {{"size", 5}}}});
  EXPECT_TRUE(eventually([&] { return targets.observe(key).specified == Replicas{5}; }));
  for (const auto& [asked, count] : client.requests()) {
    EXPECT_FALSE(asked.verb == "get" && asked.resource == "caches/scale") << count;
  }
}

}  // namespace
}  // namespace edgetide::kube
