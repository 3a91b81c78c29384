#include <gtest/gtest.h>

#include "contract/kube_api.h"
#include "kube/paths.h"
#include "kube/target_watches.h"

/// What targets that are autoscalers promise, held against a real API server and the real
/// controller of HorizontalPodAutoscalers. KEDA's kind is there without a controller.
namespace edgetide::kube {
namespace {

using testing::deployments_in;
using testing::eventually;
using testing::KubeApi;

class AutoscalerTarget : public ::testing::Test {
 protected:
  AutoscalerTarget() { api_.make_deployment(name_space_, "edge", 2); }

  void make(const std::string& api_version, const std::string& kind, const std::string& plural,
            json::Value spec) {
    spec["scaleTargetRef"] = {
        {"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "edge"}};
    const std::string collection = collection_path(api_version, plural, name_space_);
    path_ = collection + "/edge";
    api_.create(collection, {{"apiVersion", api_version},
                             {"kind", kind},
                             {"metadata", {{"name", "edge"}}},
                             {"spec", std::move(spec)}});
    key_ = {.name_space = name_space_,
            .target = {.api_version = api_version, .kind = kind, .name = "edge"}};
    targets_.follow({key_});
  }

  void make_hpa() {
    make("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers",
         {{"minReplicas", 2}, {"maxReplicas", 6}});
  }

  [[nodiscard]] bool comes_to(int minimum, int ready) {
    return eventually([&] {
      const auto seen = targets_.observe(key_);
      return seen.known && seen.specified.count() == minimum && seen.ready.count() == ready;
    });
  }

  [[nodiscard]] std::int64_t on_server(const std::string& path, const std::string& field) {
    return json::get_int(api_.get(path), field, 0, 1000).value();
  }

  KubeApi& api_ = KubeApi::instance();
  std::string name_space_ = api_.make_namespace();
  std::string path_;
  TargetKey key_;
  TargetWatches targets_{api_.client(), {}};
};

TEST_F(AutoscalerTarget, AMinimumIsRaisedAndItsControllerRaisesTheWorkload) {
  make_hpa();
  ASSERT_TRUE(comes_to(2, 2)) << targets_.observe(key_).detail;
  EXPECT_EQ(targets_.most(key_), Replicas{6});
  ASSERT_TRUE(targets_.scale(key_, Replicas{2}, Replicas{4}).ok());
  EXPECT_EQ(targets_.observe(key_).specified, Replicas{4}) << "a write is read back at once";
  EXPECT_EQ(on_server(path_, "spec.minReplicas"), 4);
  EXPECT_TRUE(comes_to(4, 4)) << "the controller follows within its 15 s";
  EXPECT_EQ(on_server(path_, "spec.maxReplicas"), 6) << "nothing else is written";
}

TEST_F(AutoscalerTarget, AForeignMinimumIsAConflictAndABoundIsKept) {
  make_hpa();
  ASSERT_TRUE(comes_to(2, 2));
  api_.merge(path_, {{"spec", {{"minReplicas", 3}}}});
  const auto written = targets_.scale(key_, Replicas{2}, Replicas{5});
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kConflict) << written.error().text();
  EXPECT_NE(written.error().text().find("spec.minReplicas is 3"), std::string::npos)
      << written.error().text();
  ASSERT_TRUE(eventually([&] { return targets_.observe(key_).specified == Replicas{3}; }));
  EXPECT_EQ(targets_.scale(key_, Replicas{3}, Replicas{7}).error().code, ErrorCode::kInvalid)
      << "above maxReplicas, says the server";
  EXPECT_EQ(targets_.scale(key_, Replicas{3}, Replicas{0}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(on_server(path_, "spec.minReplicas"), 3);
}

TEST_F(AutoscalerTarget, WithoutItsWorkloadItIsNotKnown) {
  make_hpa();
  ASSERT_TRUE(comes_to(2, 2));
  api_.remove(deployments_in(name_space_) + "/edge");
  ASSERT_TRUE(eventually([&] { return !targets_.observe(key_).known; }))
      << "the controller's status shows that something has changed";
  EXPECT_NE(targets_.observe(key_).detail.find("deployments"), std::string::npos)
      << targets_.observe(key_).detail;
}

TEST_F(AutoscalerTarget, AScaledObjectIsToldItsMinimumToo) {
  api_.kubectl("apply --server-side -f " EDGETIDE_SOURCE_DIR "/tests/contract/scaledobjects.yaml");
  api_.kubectl("wait --for=condition=Established --timeout=30s crd/scaledobjects.keda.sh");
  make("keda.sh/v1alpha1", "ScaledObject", "scaledobjects", {{"maxReplicaCount", 9}});
  ASSERT_TRUE(comes_to(0, 2)) << targets_.observe(key_).detail;
  EXPECT_EQ(targets_.most(key_), Replicas{9});
  ASSERT_TRUE(targets_.scale(key_, Replicas{0}, Replicas{5}).ok());
  EXPECT_EQ(on_server(path_, "spec.minReplicaCount"), 5);
  EXPECT_TRUE(comes_to(5, 2)) << "nobody follows here";
}

}  // namespace
}  // namespace edgetide::kube
