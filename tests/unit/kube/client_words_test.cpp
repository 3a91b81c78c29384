#include <gtest/gtest.h>

#include "kube/backoff.h"
#include "kube/base64.h"
#include "kube/paths.h"
#include "kube/resource_version.h"

namespace edgetide::kube {
namespace {

TEST(Paths, CoreGroupAndOthersAreServedApart) {
  EXPECT_EQ(group_path("v1"), "/api/v1");
  EXPECT_EQ(group_path("apps/v1"), "/apis/apps/v1");
  EXPECT_EQ(collection_path("v1", "pods", "video"), "/api/v1/namespaces/video/pods");
  EXPECT_EQ(collection_path("apps/v1", "deployments", ""), "/apis/apps/v1/deployments");
}

TEST(Paths, NothingInANameEscapesItsSegment) {
  EXPECT_EQ(collection_path("v1", "pods", "../secrets?x"),
            "/api/v1/namespaces/..%2Fsecrets%3Fx/pods");
  EXPECT_EQ(percent_encode("a b\n\xC3\xA9"), "a%20b%0A%C3%A9");
}

TEST(ResourceVersion, NumbersCompareByLengthThenDigits) {
  EXPECT_EQ(compare_versions("9", "10"), -1);
  EXPECT_EQ(compare_versions("10", "9"), 1);
  EXPECT_EQ(compare_versions("77", "77"), 0);
  EXPECT_EQ(compare_versions("99999999999999999999998", "99999999999999999999999"), -1);
}

TEST(ResourceVersion, WhatIsNoPlainNumberHasNoOrder) {
  EXPECT_EQ(compare_versions("007", "8"), std::nullopt);
  EXPECT_EQ(compare_versions("a1", "a2"), std::nullopt);
  EXPECT_EQ(compare_versions("", "1"), std::nullopt);
  EXPECT_EQ(compare_versions("-1", "1"), std::nullopt);
  EXPECT_EQ(compare_versions("opaque", "opaque"), 0);
}

TEST(Base64, DecodesEveryLengthOfRest) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("Zg=="), "f");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  EXPECT_EQ(decode_base64("Zm9v\nYmFy\n"), "foobar");
}

TEST(Base64, RefusesWhatIsNotBase64) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Z===", "Zm9v!", "Zg==Zg==", "====", "Zm8 "})
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
}

TEST(Backoff, DoublesUpToTheLongestAndSpreads) {
  Backoff backoff({.first = std::chrono::milliseconds{100},
                   .longest = std::chrono::milliseconds{300},
                   .jitter = 1.0});
  for (const int expected : {100, 200, 300, 300, 300}) {
    const auto wait = backoff.next().count();
    EXPECT_GE(wait, expected);
    EXPECT_LE(wait, 2 * expected);
  }
  backoff.reset();
  EXPECT_LE(backoff.next().count(), 200);
}

TEST(Backoff, StaysAtTheLongestForEver) {
  Backoff backoff({.jitter = 0.0});
  for (int i = 0; i < 1000; ++i) EXPECT_LE(backoff.next(), std::chrono::seconds{30});
  EXPECT_EQ(backoff.next(), std::chrono::seconds{30});
}

TEST(Backoff, PauseEndsWhenAskedToStop) {
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(pause(std::chrono::minutes{10}, source.get_token()));
  EXPECT_TRUE(pause(std::chrono::milliseconds{1}, std::stop_token{}));
}

}  // namespace
}  // namespace edgetide::kube
