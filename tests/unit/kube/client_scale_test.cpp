#include <gtest/gtest.h>

#include <algorithm>

#include "client_fake_transport.h"
#include "json/json.h"
#include "kube/discovery.h"
#include "kube/pod_counts.h"
#include "kube/scale_cache.h"
#include "kube/scale_client.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;

std::string scale_body(int specified, const std::string& version, int existing = 0,
                       const std::string& selector = "app=edge") {
  return R"({"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"resourceVersion":")" +
         version + R"("},"spec":{"replicas":)" + std::to_string(specified) +
         R"(},"status":{"replicas":)" + std::to_string(existing) + R"(,"selector":")" + selector +
         "\"}}";
}

/// A target on a server that checks versions as the real one does.
class ScaleTest : public ::testing::Test {
 protected:
  ScaleTest() : client_(std::make_unique<FakeTransport>(script_), {}, {}), scales_(client_) {
    script_.answer = [this](const http::Request& request) { return serve(request); };
  }

  Result<http::Response> serve(const http::Request& request) {
    if (request.method == http::Method::kGet) return http::Response{.status = 200, .body = body()};
    if (before_write_) before_write_();
    const auto sent = json::parse(request.body).value();
    const auto version = json::get_string(sent, "metadata.resourceVersion").value();
    if (version != std::to_string(version_)) return http::Response{.status = 409};
    replicas_ = static_cast<int>(json::get_int(sent, "spec.replicas", 0, 1000).value());
    ++version_;
    ++writes_;
    if (answer_is_lost_) return http::Response{.status = 409};
    return http::Response{.status = 200, .body = body()};
  }
  [[nodiscard]] std::string body() const { return scale_body(replicas_, std::to_string(version_)); }
  [[nodiscard]] Result<Scale> change(int to) {
    const auto known = scales_.read(target_).value();
    return scales_.change(target_, known, Replicas{to});
  }

  int replicas_ = 3;
  int version_ = 100;
  int writes_ = 0;
  bool answer_is_lost_ = false;
  std::function<void()> before_write_;
  FakeTransport::Script script_;
  Client client_;
  ScaleClient scales_;
  ScaleClient::Target target_{.path = "/scale", .name_space = "video", .name = "edge"};
};

TEST_F(ScaleTest, WritesUnderThePreconditionOfTheVersion) {
  const auto written = change(7);
  ASSERT_TRUE(written.ok()) << written.error().text();
  EXPECT_EQ(written->specified, Replicas{7});
  EXPECT_EQ(written->resource_version, "101");
  EXPECT_EQ(script_.sent.back().method, http::Method::kPut);
}

TEST_F(ScaleTest, ARehearsalAsksForTheSameWriteAndKeepsNothing) {
  const auto known = scales_.read(target_).value();
  EXPECT_TRUE(scales_.rehearse(target_, known, Replicas{7}).ok());
  EXPECT_EQ(script_.sent.back().method, http::Method::kPut);
  EXPECT_EQ(script_.sent.back().target, "/scale?dryRun=All");
  ++version_;
  EXPECT_EQ(scales_.rehearse(target_, known, Replicas{7}).error().code, ErrorCode::kConflict);
}

TEST_F(ScaleTest, ANewVersionOfTheSameNumberIsTriedAgain) {
  int rollouts = 4;
  before_write_ = [&] { version_ += rollouts-- > 0 ? 1 : 0; };
  EXPECT_TRUE(change(7).ok());
  EXPECT_EQ(replicas_, 7);
}

TEST_F(ScaleTest, AVersionThatNeverStandsStillIsAConflictAfterFiveTries) {
  before_write_ = [&] { ++version_; };
  EXPECT_EQ(change(7).error().code, ErrorCode::kConflict);
  EXPECT_EQ(replicas_, 3);
  const auto puts = std::ranges::count(script_.sent, http::Method::kPut, &http::Request::method);
  EXPECT_EQ(puts, 5);
}

TEST_F(ScaleTest, ANumberThatSomebodyElseChangedIsAConflict) {
  before_write_ = [&] {
    replicas_ = 2;
    ++version_;
  };
  const auto written = change(7);
  EXPECT_EQ(written.error().code, ErrorCode::kConflict);
  EXPECT_EQ(written.error().text(),
            "/scale: spec.replicas is 2, no longer 3: somebody else changed it");
  EXPECT_EQ(writes_, 0);
}

TEST_F(ScaleTest, AWriteThatWasSentTwiceCountsOnce) {
  answer_is_lost_ = true;
  EXPECT_TRUE(change(7).ok());
  EXPECT_EQ(writes_, 1);
}

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
       {std::string{"{}"}, scale_body(1, "5"), hpa_body(R"("maxReplicas":3)"), hpa_body(workload),
        hpa_body(R"("maxReplicas":"3",)" + workload),
        hpa_body(R"("minReplicas":-1,"maxReplicas":3,)" + workload)})
    EXPECT_FALSE(decode_autoscaler(*hpa, body).ok()) << body;
  EXPECT_EQ(autoscaler_kind("autoscaling/v1", "HorizontalPodAutoscaler"), nullptr);
  EXPECT_EQ(autoscaler_kind("apps/v1", "Deployment"), nullptr);
}

TEST(DecodeScale, ReadsWhatTheApiLeavesOutAsZero) {
  const auto scale = decode_scale(
      R"({"kind":"Scale","metadata":{"resourceVersion":"5"},"spec":{},"status":{"replicas":0}})");
  ASSERT_TRUE(scale.ok());
  EXPECT_EQ(scale->specified, Replicas{0});
  EXPECT_EQ(scale->selector, "");
}

TEST(DecodeScale, NothingElseIsAScale) {
  for (const char* body :
       {"", "{}", R"({"kind":"Deployment","metadata":{"resourceVersion":"5"},"spec":{}})",
        R"({"kind":"Scale","metadata":{},"spec":{"replicas":1}})",
        R"({"kind":"Scale","metadata":{"resourceVersion":"5"}})",
        R"({"kind":"Scale","metadata":{"resourceVersion":"5"},"spec":{"replicas":-1}})",
        R"({"kind":"Scale","metadata":{"resourceVersion":"5"},"spec":{"replicas":4294967297}})",
        R"({"kind":"Scale","metadata":{"resourceVersion":"5"},"spec":{"replicas":"3"}})"})
    EXPECT_FALSE(decode_scale(body).ok()) << body;
}

class ScaleCacheTest : public ::testing::Test {
 protected:
  [[nodiscard]] static Scale scale(int replicas, const std::string& version) {
    return {.specified = Replicas{replicas}, .resource_version = version};
  }
  [[nodiscard]] std::string seen(const std::string& watched, int after_seconds = 0) const {
    const auto known = cache_.current(key_, watched, start_ + std::chrono::seconds{after_seconds});
    if (!known) return "read";
    return known->ok() ? std::to_string((*known)->specified.count()) : known->error().text();
  }

  TargetKey key_{"video", {"apps/v1", "Deployment", "edge"}};
  ScaleCache::SteadyTime start_{};
  ScaleCache cache_{{}};
};

TEST_F(ScaleCacheTest, IsReadAgainOnlyWhenTheWatchShowsANewerVersion) {
  EXPECT_EQ(seen("10"), "read");
  cache_.keep(key_, scale(3, "10"), start_);
  EXPECT_EQ(seen("10"), "3");
  EXPECT_EQ(seen("10", 86'400), "3");
  EXPECT_EQ(seen("11"), "read");
}

TEST_F(ScaleCacheTest, OlderNewsDoesNotUndoAWrite) {
  cache_.keep(key_, scale(3, "10"), start_);
  cache_.keep(key_, scale(5, "20"), start_);
  EXPECT_EQ(seen("15"), "5");
  cache_.keep(key_, scale(3, "10"), start_);
  EXPECT_EQ(seen("15"), "5");
}

TEST_F(ScaleCacheTest, AServerThatWentBackInTimeIsBelievedAfterAMinute) {
  cache_.keep(key_, scale(5, "900"), start_);
  EXPECT_EQ(seen("15", 59), "5");
  EXPECT_EQ(seen("15", 61), "read");
  cache_.keep(key_, scale(3, "15"), start_ + std::chrono::seconds{61});
  EXPECT_EQ(seen("15", 61), "3");
}

TEST_F(ScaleCacheTest, WhatTheWatchShowsToBeOfAnotherPastIsReadAgainAtOnce) {
  cache_.keep(key_, scale(5, "100"), start_);
  cache_.note_watched(key_, "90", "100");
  EXPECT_EQ(seen("100"), "5");
  cache_.note_watched(key_, "100", "50");
  EXPECT_EQ(seen("50"), "read");
}

TEST_F(ScaleCacheTest, AFailureIsNotRepeatedForAWhile) {
  cache_.note_failure(key_, {.message = "forbidden"}, start_);
  EXPECT_EQ(seen("10", 4), "forbidden");
  EXPECT_EQ(seen("10", 6), "read");
}

TEST(Discovery, SaysWhatIsWrongWithAKindAndAsksOnce) {
  FakeTransport::Script script;
  script.answer = [](const http::Request&) {
    return http::Response{.status = 200, .body = R"({"kind":"APIResourceList","resources":[
        {"name":"things","kind":"Thing","namespaced":true},
        {"name":"things/scale","kind":"Scale","namespaced":true},
        {"name":"others","kind":"Other","namespaced":true},
        {"name":"globals","kind":"Global","namespaced":false},
        {"name":"globals/scale","kind":"Scale","namespaced":false}]})"};
  };
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  Discovery discovery(client);
  const auto answer = [&](const std::string& kind) {
    const auto plural = discovery.scalable_plural("x.io/v1", kind);
    return plural.ok() ? *plural : plural.error().text();
  };
  EXPECT_EQ(answer("Thing"), "things");
  EXPECT_EQ(answer("Thing"), "things");
  EXPECT_EQ(script.sent.size(), 1u);
  EXPECT_EQ(answer("Other"), "x.io/v1 Other: has no scale subresource");
  EXPECT_EQ(answer("Global"), "x.io/v1 Global: is not namespaced, so no pool can scale it");
  EXPECT_EQ(answer("Nothing"), "x.io/v1 Nothing: the server serves no such kind");
}

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
                         .start_time = {},
                         .ready_since = {now, now - Seconds{100}, now - Seconds{200},
                                         now - Seconds{300}, now + Seconds{5}}};
  EXPECT_EQ(counts.cold(Seconds{0}, now), Replicas{0});
  EXPECT_EQ(counts.cold(Seconds{300}, now), Replicas{3});  // 1 + 2/3 + 1/3 + 0 + 1
  EXPECT_EQ(counts.cold(Seconds{100}, now), Replicas{2});
  simdjson::dom::parser parser;
  const std::string pod = R"({"metadata":{"name":"p"},"status":{"conditions":[{"type":"Ready",)"
                          R"("status":"True","lastTransitionTime":"2026-01-01T00:05:00Z"}]}})";
  EXPECT_EQ(
      decode_pod(parser.parse(simdjson::padded_string(pod)).value(), nullptr).value().ready_since,
      parse_instant("2026-01-01T00:05:00Z"));
}

TEST(Pods, AreCountedBySelectorAndAnewAfterAChange) {
  Store<Pod> pods(decode_pod);
  const StartTimes starts;
  simdjson::dom::parser parser;
  int version = 0;
  const auto put = [&](const std::string& name, const std::string& app, bool ready) {
    const std::string text = R"({"metadata":{"namespace":"video","name":")" + name +
                             R"(","uid":")" + name + R"(","resourceVersion":")" +
                             std::to_string(++version) + R"(","labels":{"app":")" + app +
                             R"("}},"status":{"conditions":[{"type":"Ready","status":")" +
                             (ready ? "True" : "False") + R"("}]}})";
    pods.table().put(parser.parse(simdjson::padded_string(text)).value());
  };
  put("a1", "a", true);
  put("a2", "a", false);
  put("b1", "b", true);
  PodCounter counter(pods, starts);
  const auto a = Selector::parse("app=a").value();
  EXPECT_EQ(counter.count(a).ready, Replicas{1});
  EXPECT_EQ(counter.count(a).starting, Replicas{1});
  put("a2", "a", true);
  EXPECT_EQ(counter.count(a).ready, Replicas{2});
  EXPECT_EQ(counter.count(a).starting, Replicas{0});
  EXPECT_EQ(counter.count(a).standing(), Replicas{2});
  EXPECT_EQ(counter.count(Selector::parse("app in (a,b)").value()).ready, Replicas{3});
}

/// Pods that are created at 18:00 and become Ready as long afterwards as the test says.
class Starts : public ::testing::Test {
 protected:
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
    return PodCounter(pods_, starts_).count(Selector::parse("app=" + app).value()).start_time;
  }

 private:
  StartTimes starts_;
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

}  // namespace
}  // namespace edgetide::kube
