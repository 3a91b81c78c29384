#include "kube/access_review.h"

#include <gtest/gtest.h>

#include "contract/kube_api.h"
#include "kube/paths.h"

/// What a review of a token promises, held against a real API server.
namespace edgetide::kube {
namespace {

using testing::KubeApi;

class AccessReview : public ::testing::Test {
 protected:
  [[nodiscard]] static AccessReviewer reviewer(const Credential& credential) {
    const Access& access = KubeApi::instance().access();
    return {http::connect(access.endpoint).value(), credential, "edgetide/test"};
  }

  /// A token of a service account's, as its pods have.
  std::string token_of(const std::string& account) {
    const std::string accounts = collection_path("v1", "serviceaccounts", name_space_);
    api_.create(accounts, {{"apiVersion", "v1"},
                           {"kind", "ServiceAccount"},
                           {"metadata", {{"name", account}}}});
    const auto made = api_.create(accounts + "/" + account + "/token",
                                  {{"apiVersion", "authentication.k8s.io/v1"},
                                   {"kind", "TokenRequest"},
                                   {"spec", json::Value::object()}});
    return json::get_string(made, "status.token").value();
  }

  void let_get_metrics(const std::string& account) {
    const std::string name = name_space_ + "-metrics";
    api_.kubectl("create clusterrole " + name + " --verb=get --non-resource-url=/metrics");
    api_.kubectl("create clusterrolebinding " + name + " --clusterrole=" + name +
                 " --serviceaccount=" + name_space_ + ":" + account);
  }

  KubeApi& api_ = KubeApi::instance();
  std::string name_space_ = api_.make_namespace();
};

TEST_F(AccessReview, ATokenIsKnownAndAllowedOrNot) {
  auto reviewer = AccessReview::reviewer(api_.access().credential);
  const std::string prometheus = token_of("prometheus");
  let_get_metrics("prometheus");
  // The server's own view of its rules follows them by a moment.
  EXPECT_TRUE(testing::eventually([&] {
    return reviewer.review(prometheus, "/metrics").value() == http::Admission::kAdmitted;
  }));
  EXPECT_EQ(reviewer.review(prometheus, "/logs").value(), http::Admission::kForbidden);
  EXPECT_EQ(reviewer.review(token_of("somebody"), "/metrics").value(),
            http::Admission::kForbidden);
  EXPECT_EQ(reviewer.review("a-guess", "/metrics").value(), http::Admission::kUnauthenticated);
  EXPECT_EQ(reviewer.review(prometheus + "x", "/metrics").value(),
            http::Admission::kUnauthenticated)
      << "a signature that does not fit";
}

TEST_F(AccessReview, WithoutTheRightToAskThereIsNoVerdict) {
  const std::string somebody = token_of("somebody");
  auto reviewer = AccessReview::reviewer({.token = somebody});
  const auto verdict = reviewer.review(somebody, "/metrics");
  ASSERT_FALSE(verdict.ok());
  EXPECT_EQ(verdict.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(verdict.error().text().find(somebody), std::string::npos);
}

}  // namespace
}  // namespace edgetide::kube
