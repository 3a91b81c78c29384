#include <gtest/gtest.h>

#include "client_things.h"

/// Watches that begin with a list.
namespace edgetide::kube {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

const std::string kAll =
    R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"10","annotations":{)"
    R"("k8s.io/initial-events-end":"true"}}}})"
    "\n";

const std::string kRefused =
    R"({"kind":"Status","code":422,"reason":"Invalid","message":"sendInitialEvents is forbidden"})";

class StreamedListTest : public Things {
 protected:
  [[nodiscard]] bool streams() const { return client_.streams_lists(); }
};

TEST_F(StreamedListTest, TakesTheTablesPlaceAtItsEndAndGoesOnByTheSameWatch) {
  play({.pieces = {event("ADDED", object("b", 9, "", "y")), event("ADDED", object("a", 7, "", "x")),
                   bookmark(3), event("ADDED", object("c", 8, "", "z")),
                   event("DELETED", object("c", 10)), kAll,
                   event("MODIFIED", object("a", 12, "", "x2"))},
        .stays_open = true});
  start();
  ASSERT_TRUE(eventually([&] { return value("a") == "x2"; }));
  const std::string asked =
      "/things?watch=1&allowWatchBookmarks=true&sendInitialEvents=true&"
      "resourceVersionMatch=NotOlderThan&timeoutSeconds=";
  EXPECT_EQ(target(0).substr(0, asked.size()), asked) << "what is there now, without a version";
  EXPECT_EQ(changes(), (std::vector<std::string>{"a - > x", "b - > y", "a x > x2"}));
  EXPECT_TRUE(things_.reflector().synced());
  EXPECT_EQ(things_.reflector().contact_age().count(), 0);
  EXPECT_EQ(script_.all_streamed().size(), 1U);
}

/// The events of a list are in no order of versions.
TEST_F(StreamedListTest, IsNotKnownAndHasNoVersionBeforeItsEnd) {
  play({.pieces = {event("ADDED", object("a", 700, "", "x"))},
        .error = Error{.code = ErrorCode::kUnavailable, .message = "connection reset"}});
  play({.status = 500});
  play({.pieces = {event("ADDED", object("a", 7, "", "x")), kAll}});
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(target(1), "/things?resourceVersion=0") << "what was cut is listed for once";
  EXPECT_EQ(target(2).find("resourceVersion="), std::string::npos) << target(2);
  EXPECT_NE(target(3).find("&resourceVersion=10&"), std::string::npos) << target(3);
  EXPECT_EQ(changes(), std::vector<std::string>{"a - > x"});
}

TEST_F(StreamedListTest, AfterAnExpiredVersionIsNoOlderThanTheLast) {
  play({.pieces = {event("ADDED", object("a", 7, "", "x")), event("ADDED", object("b", 8, "", "y")),
                   kAll, event("ERROR", kExpired)}});
  play({.pieces = {event("ADDED", object("b", 8, "", "y")), kAll}, .stays_open = true});
  start();
  ASSERT_TRUE(eventually([&] { return changes().size() == 3; }));
  EXPECT_NE(target(1).find("sendInitialEvents=true"), std::string::npos) << target(1);
  EXPECT_NE(target(1).find("&resourceVersion=10&"), std::string::npos) << target(1);
  EXPECT_EQ(changes().back(), "a x > -");
  EXPECT_EQ(value("b"), "y");
}

TEST_F(StreamedListTest, AServerThatIsBehindIsListedAfresh) {
  play({.pieces = {event("ADDED", object("a", 7, "", "x")), kAll, event("ERROR", kExpired)}});
  play({.status = 504,
        .pieces = {R"({"kind":"Status","code":504,"reason":"Timeout",)"
                   R"("message":"Too large resource version: 10, current: 3"})"}});
  play_list(list(3, {object("a", 2, "", "old")}));
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(target(2), "/things?limit=500");
  EXPECT_EQ(value("a"), "old");
  EXPECT_TRUE(streams());
}

TEST_F(StreamedListTest, AServerThatRefusesIsNotAskedAgainAtOnce) {
  play({.status = 422, .pieces = {kRefused}});
  play_list(list(10, {object("a", 7, "", "x")}));
  play({.pieces = {event("ERROR", kExpired)}});
  play_list(list(20, {}));
  start();
  ASSERT_TRUE(asked(5));
  EXPECT_FALSE(streams());
  EXPECT_EQ(target(1), "/things?resourceVersion=0");
  EXPECT_EQ(target(3), "/things?resourceVersion=10");
  EXPECT_EQ(things_.reflector().statistics().errors, 1U) << "the expired version alone";
}

/// So does a server that does not know what it was asked for.
TEST_F(StreamedListTest, AServerThatKeepsItsEndBackIsNotAskedAgainAtOnce) {
  play({.pieces = {event("ADDED", object("a", 7, "", "x"))}, .stays_open = true});
  play_list(list(10, {object("a", 7, "", "x")}));
  start();
  ASSERT_TRUE(asked(3));
  EXPECT_FALSE(streams());
  EXPECT_EQ(target(1), "/things?resourceVersion=0");
  EXPECT_EQ(value("a"), "x");
}

TEST_F(StreamedListTest, AServerThatIsNotThereIsAskedAgain) {
  play({.error = Error{.code = ErrorCode::kUnavailable, .message = "connection refused"},
        .opens = false});
  play({.status = 429});
  play({.status = 403});
  play({.pieces = {event("ADDED", object("a", 7, "", "x")), kAll}, .stays_open = true});
  start();
  ASSERT_TRUE(eventually([&] { return value("a") == "x"; }));
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NE(target(i).find("sendInitialEvents=true"), std::string::npos) << target(i);
}

TEST_F(StreamedListTest, AnAnswerThatIsNoneIsListedForOnce) {
  play({.pieces = {"<html>hello</html>\n"}});
  play({.pieces = {list(10, {object("a", 7, "", "x")})}});
  start();
  ASSERT_TRUE(eventually([&] { return value("a") == "x"; }));
  EXPECT_EQ(target(1), "/things?resourceVersion=0");
  EXPECT_TRUE(streams());
}

TEST_F(StreamedListTest, AnUpdateThatCannotBeUnderstoodKeepsWhatTheListHasToldBefore) {
  play({.pieces = {event("ADDED", object("a", 7, "", "x")), kAll, event("ERROR", kExpired)}});
  play({.pieces = {event("ADDED", object("a", 8, "", "y")),
                   event("MODIFIED", object("a", 9, "", "poison")), kAll},
        .stays_open = true});
  start();
  ASSERT_TRUE(eventually([&] { return value("a") == "y"; }));
  EXPECT_EQ(things_.reflector().statistics().skipped, 1U);
}

/// Where each list is of no use to the watch that follows it, whole lists are not read on and on.
TEST(StreamedList, IsAskedForAgainAfterAWhile) {
  FakeTransport::Script script;
  Client client(std::make_unique<FakeTransport>(script), {},
                {.lists_unstreamed_for = std::chrono::milliseconds{200}});
  EXPECT_TRUE(client.streams_lists());
  EXPECT_TRUE(client.note_lists_unstreamed());
  EXPECT_FALSE(client.streams_lists());
  EXPECT_FALSE(client.note_lists_unstreamed()) << "which is known";
  EXPECT_TRUE(eventually([&] { return client.streams_lists(); }));
  EXPECT_TRUE(client.note_lists_unstreamed()) << "which is said again";
}

TEST(StreamedList, AVersionThatExpiresAgainAndAgainBacksOff) {
  FakeTransport::Script script;
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  for (int i = 0; i < 50; ++i) {
    script.add({.pieces = {event("ADDED", object("a", 7, "", "x")), kAll}});
    script.add({.pieces = {event("ERROR", kExpired)}});
  }
  Watched<std::string> things(
      client,
      [](simdjson::dom::element, const std::string*) -> Result<std::string> {
        return std::string{"x"};
      },
      {},
      {.name = "things",
       .collection = [] { return Result<std::string>{std::string{"/things"}}; },
       .backoff = {.first = std::chrono::milliseconds{500},
                   .longest = std::chrono::milliseconds{1000}}},
      [](const std::string&) {});
  things.reflector().start();
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  EXPECT_LT(script.all_streamed().size(), 8U);
  things.reflector().stop();
}

TEST_F(StreamedListTest, WhatCannotBeUnderstoodKeepsWhatStood) {
  play({.pieces = {event("ADDED", object("a", 7, "", "x")), kAll, event("ERROR", kExpired)}});
  play({.pieces = {event("ADDED", object("a", 8, "", "poison")), event("TELEPORTED", "{}"), kAll},
        .stays_open = true});
  start();
  ASSERT_TRUE(eventually([&] { return things_.reflector().statistics().skipped == 2U; }));
  EXPECT_EQ(value("a"), "x");
}

}  // namespace
}  // namespace edgetide::kube
