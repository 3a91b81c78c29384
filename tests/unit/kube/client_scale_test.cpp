#include <gtest/gtest.h>

#include "client_fake_transport.h"
#include "json/json.h"
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
  [[nodiscard]] std::string seen(const ShownTarget& shown, int after_seconds = 0) const {
    const auto known = cache_.current(key_, shown, start_ + std::chrono::seconds{after_seconds});
    if (!known) return "read";
    return known->ok() ? std::to_string((*known)->specified.count()) : known->error().text();
  }
  /// Of a kind whose objects do not tell.
  [[nodiscard]] std::string seen(const std::string& watched, int after_seconds = 0) const {
    return seen(ShownTarget{.resource_version = watched}, after_seconds);
  }
  [[nodiscard]] static ShownTarget shown(int replicas, const std::string& version) {
    return {.resource_version = version, .scale = ShownScale{.specified = Replicas{replicas}}};
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

TEST_F(ScaleCacheTest, NothingIsReadThatTheWatchShows) {
  EXPECT_EQ(seen(shown(3, "10")), "3");
  cache_.keep(key_, scale(5, "20"), start_);
  EXPECT_EQ(seen(shown(3, "10")), "5") << "the watch is behind a write";
  EXPECT_EQ(seen(shown(5, "20")), "5");
  EXPECT_EQ(seen(shown(4, "21")), "4");
  EXPECT_EQ(seen(shown(3, "10"), 61), "read") << "a watch that stays behind is not believed";
}

TEST_F(ScaleCacheTest, AWriteOfWhichNobodyKnowsIsReadWhateverTheWatchShows) {
  cache_.keep(key_, scale(3, "10"), start_);
  cache_.doubt(key_);
  EXPECT_EQ(seen(shown(3, "10")), "read");
  EXPECT_EQ(seen(shown(3, "11")), "read");
  cache_.note_failure(key_, {.message = "out of reach"}, start_);
  EXPECT_EQ(seen(shown(3, "11")), "out of reach");
  EXPECT_EQ(seen(shown(3, "11"), 6), "read");
  cache_.keep(key_, scale(5, "12"), start_);
  EXPECT_EQ(seen(shown(3, "11")), "5");
}

TEST_F(ScaleCacheTest, AFailureIsNotRepeatedForAWhile) {
  cache_.note_failure(key_, {.message = "forbidden"}, start_);
  EXPECT_EQ(seen("10", 4), "forbidden");
  EXPECT_EQ(seen("10", 6), "read");
}

}  // namespace
}  // namespace edgetide::kube
