#include "kube/pod_counts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "json/large.h"

namespace edgetide::kube {
namespace {

Pod::State state_of(const std::string& pod) {
  simdjson::dom::parser parser;
  return decode_pod(parser.parse(simdjson::padded_string(pod)).value(), nullptr).value().state;
}

TEST(Pods, OnlyReadyPodsServe) {
  const auto with = [](const std::string& metadata, const std::string& status) {
    return R"({"metadata":{"name":"p")" + metadata + R"(},"status":{)" + status + "}}";
  };
  const std::string ready = R"("phase":"Running","conditions":[{"type":"Ready","status":"True"}])";
  const std::string unready =
      R"("phase":"Running","conditions":[{"type":"Ready","status":"False"},)"
      R"({"type":"Initialized","status":"True"}])";
  EXPECT_EQ(state_of(with("", ready)), Pod::State::kReady);
  EXPECT_EQ(state_of(with("", unready)), Pod::State::kStarting);
  EXPECT_EQ(state_of(with("", R"("phase":"Pending")")), Pod::State::kStarting);
  EXPECT_EQ(state_of(R"({"metadata":{"name":"p"}})"), Pod::State::kStarting);
  EXPECT_EQ(state_of(with(R"(,"deletionTimestamp":"2026-01-01T00:00:00Z")", ready)),
            Pod::State::kLeaving);
  EXPECT_EQ(state_of(with("", R"("conditions":[{"type":"Ready","status":"True"},)"
                              R"({"type":"DisruptionTarget","status":"True"}])")),
            Pod::State::kLeaving);
  EXPECT_EQ(state_of(with("", R"("phase":"Succeeded")")), Pod::State::kLeaving);
  EXPECT_EQ(state_of(with("", R"("phase":"Failed")")), Pod::State::kLeaving);
}

TEST(Pods, CountByTheWarmthOfTheirCaches) {
  const Instant now{Seconds{1'000'000}};
  const PodCounts counts{.ready = Replicas{5},
                         .starting = {},
                         .ready_since = {now, now - Seconds{100}, now - Seconds{200},
                                         now - Seconds{300}, now + Seconds{5}}};
  EXPECT_EQ(counts.cold(Seconds{0}, now), Replicas{0});
  EXPECT_EQ(counts.cold(Seconds{300}, now), Replicas{3});  // 1 + 2/3 + 1/3 + 0 + 1
  EXPECT_EQ(counts.cold(Seconds{100}, now), Replicas{2});
  const PodCounts nobody_knows{.ready = Replicas{5}, .ready_since = {now - Seconds{900}}};
  EXPECT_EQ(nobody_knows.cold(Seconds{0}, now), Replicas{0});
  EXPECT_EQ(nobody_knows.cold(Seconds{300}, now), Replicas{4});
  simdjson::dom::parser parser;
  const std::string pod = R"({"metadata":{"name":"p"},"status":{"conditions":[{"type":"Ready",)"
                          R"("status":"True","lastTransitionTime":"2026-01-01T00:05:00Z"}]}})";
  EXPECT_EQ(
      decode_pod(parser.parse(simdjson::padded_string(pod)).value(), nullptr).value().ready_since,
      parse_instant("2026-01-01T00:05:00Z"));
}

TEST(Pods, ThatHaveANodeAndAreNotReadyTellSinceWhen) {
  const auto since_of = [](const std::string& node, const std::string& ready,
                           const std::string& metadata = "") {
    const std::string pod = R"({"metadata":{"name":"p")" + metadata +
                            R"(,"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"nodeName":")" +
                            node + R"("},"status":{"conditions":[)" + ready + "]}}";
    simdjson::dom::parser parser;
    return decode_pod(parser.parse(simdjson::padded_string(pod)).value(), nullptr)
        .value()
        .unready_since;
  };
  const auto ready = [](const std::string& status) {
    return R"({"type":"Ready","lastTransitionTime":"2026-01-01T00:05:00Z","status":")" + status +
           R"("})";
  };
  EXPECT_EQ(since_of("n", ready("False")), parse_instant("2026-01-01T00:05:00Z"));
  const std::string scheduled = R"({"type":"PodScheduled","status":"True",)"
                                R"("lastTransitionTime":"2026-01-01T00:03:00Z"})";
  EXPECT_EQ(since_of("n", ready("False") + "," + scheduled), parse_instant("2026-01-01T00:05:00Z"));
  EXPECT_EQ(since_of("n", scheduled), parse_instant("2026-01-01T00:03:00Z"))
      << "nobody else's word";
  EXPECT_EQ(since_of("n", ""), parse_instant("2026-01-01T00:00:00Z"));
  EXPECT_FALSE(since_of("n", ready("True")));
  EXPECT_FALSE(since_of("", ready("False"))) << "it has no node";
  EXPECT_FALSE(since_of("n", ready("False"), R"(,"deletionTimestamp":"2026-01-01T00:09:00Z")"));
}

TEST(Pods, AreCountedBySelectorAndAnewAfterAChange) {
  PodCounter counter;
  Store<Pod> pods(decode_pod, [&](const ObjectKey&, const auto& before, const auto& after) {
    counter.note(before, after);
  });
  simdjson::dom::parser parser;
  int version = 0;
  const auto put = [&](const std::string& name, const std::string& app, bool ready) {
    const std::string text = R"({"metadata":{"namespace":"video","name":")" + name +
                             R"(","uid":")" + name + R"(","resourceVersion":")" +
                             std::to_string(++version) +
                             R"(","creationTimestamp":"2026-01-01T00:00:00Z","labels":{"app":")" +
                             app + R"("}},"status":{"conditions":[{"type":"Ready","status":")" +
                             (ready ? "True" : "False") + R"("}]},"spec":{"nodeName":"n"}})";
    pods.table().put(parser.parse(simdjson::padded_string(text)).value());
  };
  put("a1", "a", true);
  put("a2", "a", false);
  put("b1", "b", true);
  const auto count = [&](const char* selector) {
    return counter.count(pods, Selector::parse(selector).value());
  };
  EXPECT_EQ(count("app=a").ready, Replicas{1});
  EXPECT_EQ(count("app=a").starting, Replicas{1});
  EXPECT_EQ(count("app=a").unready_since, std::vector{Instant{Seconds{1'767'225'600}}});
  EXPECT_EQ(count("app in (a,b)").ready, Replicas{2});
  put("a2", "a", true);
  EXPECT_EQ(count("app=a").ready, Replicas{2});
  EXPECT_EQ(count("app=a").starting, Replicas{0});
  EXPECT_EQ(count("app=a").standing(), Replicas{2});
  EXPECT_EQ(count("app in (a,b)").ready, Replicas{3});

  const auto b = count("app=b");
  put("a3", "a", true);
  EXPECT_EQ(count("app=b").placed, b.placed) << "no pod of b's has changed";
  put("b1", "a", true);
  EXPECT_EQ(count("app=b").ready, Replicas{0}) << "its label has changed";
  EXPECT_EQ(count("app=a").ready, Replicas{4});
  EXPECT_EQ(count("").ready, Replicas{4});
  counter.forget();
  EXPECT_EQ(count("app=a").ready, Replicas{4});
}

}  // namespace
}  // namespace edgetide::kube
