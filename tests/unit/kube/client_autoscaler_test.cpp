#include <gtest/gtest.h>

#include "client_fake_transport.h"
#include "json/json.h"
#include "kube/scale_client.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;

/// An autoscaler on a server that checks versions.
class AutoscalerTest : public ::testing::Test {
 protected:
  AutoscalerTest() : client_(std::make_unique<FakeTransport>(script_), {}, {}), scales_(client_) {
    script_.answer = [this](const http::Request& request) { return serve(request); };
  }

  Result<http::Response> serve(const http::Request& request) {
    if (request.method != http::Method::kGet) {
      const auto sent = json::parse(request.body).value();
      if (json::get_string(sent, "metadata.resourceVersion").value() != std::to_string(version_))
        return http::Response{.status = 409};
      if (request.target.ends_with("?dryRun=All")) {
        json::Value judged = object_;
        judged.merge_patch(sent);
        return http::Response{.status = 200, .body = json::dump(judged)};
      }
      object_.merge_patch(sent);
      ++version_;
    }
    object_["metadata"]["resourceVersion"] = std::to_string(version_);
    return http::Response{.status = 200, .body = json::dump(object_)};
  }

  ScaleClient::Target target(const char* api_version, const char* kind) {
    return {.path = "/edge",
            .name_space = "video",
            .name = "edge",
            .autoscaler = autoscaler_kind(api_version, kind)};
  }

  json::Value object_{
      {"kind", "HorizontalPodAutoscaler"},
      {"metadata", {{"name", "edge"}}},
      {"spec",
       {{"maxReplicas", 20},
        {"scaleTargetRef", {{"apiVersion", "apps/v1"}, {"kind", "StatefulSet"}, {"name", "e"}}}}}};
  int version_ = 100;
  FakeTransport::Script script_;
  Client client_;
  ScaleClient scales_;
};

TEST_F(AutoscalerTest, ItsMinimumAloneIsWrittenUnderThePreconditionOfTheVersion) {
  const auto hpa = target("autoscaling/v2", "HorizontalPodAutoscaler");
  const auto known = scales_.read(hpa);
  ASSERT_TRUE(known.ok()) << known.error().text();
  EXPECT_EQ(known->specified, Replicas{1}) << "what the server takes for none";
  EXPECT_EQ(known->most, Replicas{20});
  EXPECT_EQ(known->workload, (model::ScaleTarget{"apps/v1", "StatefulSet", "e"}));
  const auto written = scales_.change(hpa, *known, Replicas{7});
  ASSERT_TRUE(written.ok()) << written.error().text();
  EXPECT_EQ(written->specified, Replicas{7});
  EXPECT_EQ(
      json::parse(script_.sent.back().body).value(),
      (json::Value{{"metadata", {{"resourceVersion", "100"}}}, {"spec", {{"minReplicas", 7}}}}));
  object_["spec"]["minReplicas"] = 5;
  ++version_;
  EXPECT_EQ(scales_.change(hpa, *written, Replicas{8}).error().text(),
            "/edge: spec.minReplicas is 5, no longer 7: somebody else changed it");
}

TEST_F(AutoscalerTest, ARehearsalAsksForTheSameMinimumAndKeepsNothing) {
  const auto hpa = target("autoscaling/v2", "HorizontalPodAutoscaler");
  const auto known = scales_.read(hpa).value();
  const auto judged = scales_.rehearse(hpa, known, Replicas{7});
  ASSERT_TRUE(judged.ok()) << judged.error().text();
  EXPECT_EQ(judged->specified, Replicas{7});
  EXPECT_EQ(script_.sent.back().method, http::Method::kPatch);
  EXPECT_EQ(script_.sent.back().target, "/edge?dryRun=All");
  EXPECT_EQ(
      json::parse(script_.sent.back().body).value(),
      (json::Value{{"metadata", {{"resourceVersion", "100"}}}, {"spec", {{"minReplicas", 7}}}}));
  EXPECT_EQ(scales_.read(hpa)->specified, known.specified);
  EXPECT_EQ(scales_.rehearse(hpa, known, Replicas{0}).error().code, ErrorCode::kInvalid);
  script_.answer = [](const http::Request&) { return http::Response{.status = 403}; };
  EXPECT_EQ(scales_.rehearse(hpa, known, Replicas{7}).error().code, ErrorCode::kForbidden);
}

TEST_F(AutoscalerTest, AMinimumThatIsNotLegalIsNotSent) {
  const auto hpa = target("autoscaling/v2", "HorizontalPodAutoscaler");
  const auto known = scales_.read(hpa).value();
  EXPECT_EQ(scales_.change(hpa, known, Replicas{0}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(script_.sent.back().method, http::Method::kGet);
}

TEST_F(AutoscalerTest, AScaledObjectsAbsentNumbersAreKedas) {
  object_ = {{"kind", "ScaledObject"}, {"spec", {{"scaleTargetRef", {{"name", "edge"}}}}}};
  const auto known = scales_.read(target("keda.sh/v1alpha1", "ScaledObject"));
  ASSERT_TRUE(known.ok()) << known.error().text();
  EXPECT_EQ(known->specified, Replicas{0});
  EXPECT_EQ(known->most, Replicas{100});
  EXPECT_EQ(known->workload, (model::ScaleTarget{"apps/v1", "Deployment", "edge"}));
}

std::string hpa_body(const std::string& spec) {
  return R"({"kind":"HorizontalPodAutoscaler","metadata":{"resourceVersion":"5"},"spec":{)" + spec +
         "}}";
}

TEST(DecodeAutoscaler, NothingElseIsOne) {
  const auto* hpa = autoscaler_kind("autoscaling/v2", "HorizontalPodAutoscaler");
  ASSERT_NE(hpa, nullptr);
  const std::string workload = R"("scaleTargetRef":{"name":"edge"})";
  EXPECT_TRUE(decode_autoscaler(*hpa, hpa_body(R"("maxReplicas":3,)" + workload)).ok());
  for (const std::string& body :
       {std::string{"{}"},
        std::string{R"({"kind":"Scale","apiVersion":"autoscaling/v1","spec":{"replicas":1}})"},
        hpa_body(R"("maxReplicas":3)"), hpa_body(workload),
        hpa_body(R"("maxReplicas":"3",)" + workload),
        hpa_body(R"("minReplicas":-1,"maxReplicas":3,)" + workload)})
    EXPECT_FALSE(decode_autoscaler(*hpa, body).ok()) << body;
  EXPECT_EQ(autoscaler_kind("autoscaling/v1", "HorizontalPodAutoscaler"), nullptr);
  EXPECT_EQ(autoscaler_kind("apps/v1", "Deployment"), nullptr);
}

}  // namespace
}  // namespace edgetide::kube
