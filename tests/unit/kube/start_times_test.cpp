#include "kube/start_times.h"

#include <gtest/gtest.h>

#include "json/large.h"
#include "kube/store.h"

namespace edgetide::kube {
namespace {

TargetKey target_of(const std::string& name) {
  return {.name_space = "video",
          .target = {.api_version = "apps/v1", .kind = "Deployment", .name = name}};
}

/// Pods that are created at 18:00 and become Ready as long afterwards as the test says, of targets
/// `a` and `b`, each of which selects those with its own label `app`.
class Starts : public ::testing::Test {
 protected:
  Starts() {
    static_cast<void>(slow_start_of("a"));
    static_cast<void>(slow_start_of("b"));
  }

  void put(const std::string& name, const std::string& app, std::optional<int> ready_after,
           const std::string& ready = "True") {
    const Instant created = parse_instant("2026-12-05T18:00:00Z").value();
    const std::string conditions =
        ready_after ? R"({"type":"Ready","status":")" + ready + R"(","lastTransitionTime":")" +
                          to_string(created + Seconds{*ready_after}) + R"("})"
                    : "";
    const std::string text = R"({"metadata":{"namespace":"video","name":")" + name +
                             R"(","uid":")" + name + R"(","resourceVersion":")" +
                             std::to_string(++version_) +
                             R"(","creationTimestamp":"2026-12-05T18:00:00Z","labels":{"app":")" +
                             app + R"("}},"status":{"conditions":[)" + conditions + "]}}";
    pods_.table().put(parser_.parse(simdjson::padded_string(text)).value());
  }

  void start(const std::string& name, const std::string& app, int seconds) {
    put(name, app, std::nullopt);
    put(name, app, seconds);
  }

  [[nodiscard]] std::optional<Seconds> slow_start_of(const std::string& app) {
    return slow_start_of(app, "app=" + app);
  }

  [[nodiscard]] std::optional<Seconds> slow_start_of(const std::string& name,
                                                     const std::string& selector) {
    return starts_.slow_start(target_of(name), Selector::parse(selector).value());
  }

  StartTimes starts_;

 private:
  Store<Pod> pods_{decode_pod, [this](const ObjectKey&, const auto& before, const auto& after) {
                     starts_.note(before, after);
                   }};
  simdjson::dom::parser parser_;
  int version_ = 0;
};

TEST_F(Starts, CountFromTenOnByThe95thPercentile) {
  for (int i = 1; i <= 9; ++i) start("a" + std::to_string(i), "a", 10 * i);
  start("b1", "b", 500);
  EXPECT_FALSE(slow_start_of("a"));
  start("a10", "a", 100);
  EXPECT_EQ(slow_start_of("a"), Seconds{100});
}

TEST_F(Starts, OfTheLastFiftyTwoMayBeSlower) {
  for (int i = 0; i < 20; ++i) start("old" + std::to_string(i), "a", 900);
  for (int i = 1; i <= 50; ++i) start("a" + std::to_string(i), "a", i);
  EXPECT_EQ(slow_start_of("a"), Seconds{48});
}

TEST_F(Starts, WhatWasReadyWhenFirstSeenIsNone) {
  for (int i = 0; i < 20; ++i) put("a" + std::to_string(i), "a", 7);
  EXPECT_FALSE(slow_start_of("a"));
}

TEST_F(Starts, AReplicaThatFaltersAndComesBackHasStartedOnce) {
  for (int i = 0; i < 10; ++i) {
    const std::string name = "a" + std::to_string(i);
    start(name, "a", 20);
    put(name, "a", 3600, "False");
    put(name, "a", 3700);
  }
  EXPECT_EQ(slow_start_of("a"), Seconds{20});
}

TEST_F(Starts, AreKeptByTargetWhateverElseStartsInTheNamespace) {
  for (int i = 0; i < 10; ++i) start("b" + std::to_string(i), "b", 70);
  for (int i = 0; i < 1'500; ++i) start("a" + std::to_string(i), "a", 20);
  EXPECT_EQ(slow_start_of("a"), Seconds{20});
  EXPECT_EQ(slow_start_of("b"), Seconds{70});
}

TEST_F(Starts, CountForEveryTargetThatSelectsThePod) {
  EXPECT_FALSE(slow_start_of("both", "app in (a,b)"));
  for (int i = 0; i < 5; ++i) {
    start("a" + std::to_string(i), "a", 20);
    start("b" + std::to_string(i), "b", 30);
    start("c" + std::to_string(i), "c", 99);
  }
  EXPECT_EQ(slow_start_of("both", "app in (a,b)"), Seconds{30});
  EXPECT_FALSE(slow_start_of("a"));
}

TEST_F(Starts, AreForgottenWithTheirTarget) {
  for (int i = 0; i < 10; ++i) {
    start("a" + std::to_string(i), "a", 20);
    start("b" + std::to_string(i), "b", 30);
  }
  starts_.forget_all_but({target_of("b")});
  EXPECT_FALSE(slow_start_of("a"));
  EXPECT_EQ(slow_start_of("b"), Seconds{30});
}

TEST_F(Starts, AreNoneOfATargetThatHasOtherPodsNow) {
  for (int i = 0; i < 10; ++i) start("a" + std::to_string(i), "a", 20);
  EXPECT_FALSE(slow_start_of("a", "app=b"));
  for (int i = 0; i < 10; ++i) start("b" + std::to_string(i), "b", 30);
  EXPECT_EQ(slow_start_of("a", "app=b"), Seconds{30});
}

}  // namespace
}  // namespace edgetide::kube
