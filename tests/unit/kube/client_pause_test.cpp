#include <gtest/gtest.h>

#include "kube/pause_annotations.h"
#include "kube/pause_writer.h"
#include "unit/kube/client_fake_transport.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;

const ObjectKey kPool{"video", "live-edge"};
const model::Pause kPause{.until = parse_instant("2026-12-05T22:00:00Z").value(),
                          .replicas = Replicas{80}};

json::Value pool(const std::string& version) {
  return {{"metadata",
           {{"name", kPool.name},
            {"namespace", kPool.name_space},
            {"uid", "u1"},
            {"generation", 4},
            {"resourceVersion", version}}}};
}

Result<http::Response> answer(int status, const json::Value& body) {
  return http::Response{.status = status, .body = json::dump(body)};
}

/// An API server with that pool, whose version has moved on `conflicts` times since it was read.
FakeTransport::Answer server(const json::Value& now, int conflicts) {
  return [now, left = std::make_shared<int>(conflicts)](const http::Request& request) {
    if (request.method == http::Method::kGet) return answer(200, now);
    return (*left)-- > 0 ? answer(409, {{"kind", "Status"}, {"message", "was modified"}})
                         : answer(200, now);
  };
}

TEST(PauseWriter, WritesUnderTheVersionThatWasSeen) {
  FakeTransport::Script script;
  script.answer = server(pool("17"), 0);
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  ASSERT_TRUE(write_pause(client, kPool, {.seen = pool("17"), .pause = kPause}).ok());
  ASSERT_EQ(script.sent.size(), 1u);
  EXPECT_EQ(script.sent[0].method, http::Method::kPatch);
  EXPECT_EQ(script.sent[0].target,
            "/apis/edgetide.io/v1alpha1/namespaces/video/edgepools/live-edge"
            "?fieldManager=edgetide-cli");
  const auto body = json::Value::parse(script.sent[0].body);
  EXPECT_EQ(body["metadata"]["resourceVersion"], "17");
  EXPECT_EQ(body["metadata"]["annotations"],
            (json::Value{{kPausedUntil, "2026-12-05T22:00:00Z"}, {kPausedReplicas, "80"}}));
}

TEST(PauseWriter, ADryRunIsTheServersToAnswer) {
  FakeTransport::Script script;
  script.answer = server(pool("17"), 0);
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  ASSERT_TRUE(write_pause(client, kPool, {.seen = pool("17"), .pause = {}, .dry_run = true}).ok());
  EXPECT_TRUE(script.sent[0].target.ends_with("&dryRun=All"));
  EXPECT_EQ(json::Value::parse(script.sent[0].body)["metadata"]["annotations"],
            (json::Value{{kPausedUntil, nullptr}, {kPausedReplicas, nullptr}}));
}

TEST(PauseWriter, AStatusThatMovesOnKeepsNobodyFromPausing) {
  FakeTransport::Script script;
  script.answer = server(pool("18"), 1);
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  ASSERT_TRUE(write_pause(client, kPool, {.seen = pool("17"), .pause = kPause}).ok());
  ASSERT_EQ(script.sent.size(), 3u);
  EXPECT_EQ(json::Value::parse(script.sent[2].body)["metadata"]["resourceVersion"], "18");
}

TEST(PauseWriter, WhatSomebodyElseHasChangedIsNotOverwritten) {
  json::Value paused = pool("18");
  paused["metadata"]["annotations"] = {{kPausedUntil, "2026-12-05T23:00:00Z"}};
  json::Value respecified = pool("18");
  respecified["metadata"]["generation"] = 5;
  json::Value made_anew = pool("18");
  made_anew["metadata"]["uid"] = "u2";
  for (const json::Value& changed : {paused, respecified, made_anew}) {
    FakeTransport::Script script;
    script.answer = server(changed, 1);
    Client client(std::make_unique<FakeTransport>(script), {}, {});
    const auto written = write_pause(client, kPool, {.seen = pool("17"), .pause = kPause});
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().code, ErrorCode::kConflict);
    EXPECT_EQ(script.sent.size(), 2u);
  }
}

TEST(PauseWriter, DoesNotTryForEver) {
  FakeTransport::Script script;
  script.answer = server(pool("18"), 1'000);
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  const auto written = write_pause(client, kPool, {.seen = pool("17"), .pause = kPause});
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kConflict);
  EXPECT_EQ(script.sent.size(), 9u);
}

}  // namespace
}  // namespace edgetide::kube
