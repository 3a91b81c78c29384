#include "contract/kube_api.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "kube/kubeconfig.h"
#include "kube/paths.h"

namespace edgetide::kube::testing {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  EDGETIDE_ASSERT(value != nullptr, "run through tests/cluster/with_control_plane");
  return value;
}

json::Value parsed(const Result<std::string>& body) {
  EXPECT_TRUE(body.ok()) << (body.ok() ? "" : body.error().text());
  if (!body.ok()) return {};
  return json::parse(*body, {.max_bytes = 64u << 20}).value();
}

}  // namespace

KubeApi& KubeApi::instance() {
  static KubeApi* api = [] {
    http::initialize_io(4);
    return new KubeApi;  // never destroyed: its transport outlives every test
  }();
  return *api;
}

KubeApi::KubeApi()
    : access_(load_kubeconfig({.files = {environment("EDGETIDE_TEST_KUBECONFIG")}}).value()),
      client_(std::make_unique<Client>(http::connect(access_.endpoint).value(), access_.credential,
                                       ClientOptions{})) {
  kubectl("apply --server-side -f " EDGETIDE_SOURCE_DIR "/manifests/crds");
  kubectl("wait --for=condition=Established --timeout=30s -f " EDGETIDE_SOURCE_DIR
          "/manifests/crds");
}

Client KubeApi::connect(const Access& access) {
  return Client(http::connect(access.endpoint).value(), access.credential, {.max_attempts = 1});
}

json::Value KubeApi::get(const std::string& path) {
  return parsed(client_->send({.target = path}));
}

json::Value KubeApi::create(const std::string& collection, const json::Value& object) {
  return parsed(client_->send({.method = http::Method::kPost,
                               .target = collection,
                               .body = json::dump(object),
                               .content_type = "application/json"}));
}

json::Value KubeApi::merge(const std::string& path, const json::Value& patch) {
  return parsed(client_->send({.method = http::Method::kPatch,
                               .target = path,
                               .body = json::dump(patch),
                               .content_type = "application/merge-patch+json"}));
}

void KubeApi::remove(const std::string& path) {
  parsed(client_->send({.method = http::Method::kDelete, .target = path}));
}

void KubeApi::kubectl(const std::string& arguments) {
  const std::string command =
      environment("EDGETIDE_TEST_KUBECTL") + " " + arguments + " > /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

std::string KubeApi::make_namespace() {
  const std::string name = "contract-" + std::to_string(++namespaces_);
  create("/api/v1/namespaces",
         {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}});
  return name;
}

void KubeApi::make_deployment(const std::string& name_space, const std::string& name,
                              int replicas) {
  const json::Value labels{{"app", name}};
  const json::Value pod_spec{
      {"terminationGracePeriodSeconds", 0},
      {"containers", json::Value::array({{{"name", "edge"}, {"image", "edge:1"}}})}};
  create(deployments_in(name_space),
         {{"apiVersion", "apps/v1"},
          {"kind", "Deployment"},
          {"metadata", {{"name", name}}},
          {"spec",
           {{"replicas", replicas},
            {"selector", {{"matchLabels", labels}}},
            {"template", {{"metadata", {{"labels", labels}}}, {"spec", pod_spec}}}}}});
}

void KubeApi::make_pool(const std::string& name_space, const std::string& name,
                        const std::vector<std::string>& deployments) {
  json::Value domains = json::Value::array();
  for (const std::string& deployment : deployments) {
    domains.push_back(
        {{"name", deployment},
         {"scaleTargetRef",
          {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", deployment}}}});
  }
  create(pools_in(name_space), {{"apiVersion", "edgetide.io/v1alpha1"},
                                {"kind", "EdgePool"},
                                {"metadata", {{"name", name}, {"labels", {{"service", "live"}}}}},
                                {"spec",
                                 {{"failureDomains", domains},
                                  {"demand", {{"sourceRef", {{"name", "video"}}}}},
                                  {"capacity", {{"viewers", 2000}}},
                                  {"replicas", {{"min", 1}, {"max", 100}}}}}});
}

LocalTime utc_only() {
  return {.offsets = [](const std::string&) -> Result<model::UtcOffsets> {
            return model::UtcOffsets{};
          },
          .moment = [](const std::string& start, const std::string&) -> Result<Instant> {
            const auto at = parse_instant(start.ends_with("Z") ? start : start + "Z");
            if (at) return *at;
            return Error{.code = ErrorCode::kInvalid, .message = "no time: " + start};
          }};
}

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (std::chrono::steady_clock::now() < until) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return holds();
}

std::string deployments_in(const std::string& name_space) {
  return collection_path("apps/v1", "deployments", name_space);
}

std::string pools_in(const std::string& name_space) {
  return collection_path("edgetide.io/v1alpha1", "edgepools", name_space);
}

}  // namespace edgetide::kube::testing
