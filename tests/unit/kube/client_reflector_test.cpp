#include <gtest/gtest.h>

#include "client_things.h"

namespace edgetide::kube {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

/// A server that streams no lists.
class ReflectorTest : public Things {
 protected:
  ReflectorTest() { client_.note_lists_unstreamed(); }
};

TEST_F(ReflectorTest, ListsFromTheCacheThenWatchesFromTheListsVersion) {
  play_list(list(10, {object("a", 7, "", "x")}));
  start();
  ASSERT_TRUE(asked(2));
  EXPECT_EQ(target(0), "/things?resourceVersion=0");
  EXPECT_EQ(target(1).substr(0, 66),
            "/things?watch=1&allowWatchBookmarks=true&resourceVersion=10&timeou");
  EXPECT_TRUE(things_.reflector().synced());
  EXPECT_EQ(value("a"), "x");
  EXPECT_EQ(changes(), std::vector<std::string>{"a - > x"});
}

TEST_F(ReflectorTest, WatchesForFiveToTenMinutes) {
  for (int i = 0; i < 50; ++i) play({.pieces = {i == 0 ? list(10, {}) : bookmark(10 + i)}});
  start();
  ASSERT_TRUE(asked(51));
  for (std::size_t i = 1; i < 50; ++i) {
    const std::string asked = target(i);
    const int lasting = std::stoi(asked.substr(asked.rfind('=') + 1));
    EXPECT_GE(lasting, 300);
    EXPECT_LE(lasting, 600);
  }
}

TEST_F(ReflectorTest, FollowsEventsHoweverTheyAreCut) {
  const std::string events = event("ADDED", object("b", 11, "", "new")) +
                             event("MODIFIED", object("a", 12, "", "y")) +
                             event("DELETED", object("b", 13));
  play_list(list(10, {object("a", 7, "", "x")}));
  FakeTransport::Stream stream{.stays_open = true};
  for (const char c : events) stream.pieces.emplace_back(1, c);
  play(stream);
  start();
  ASSERT_TRUE(eventually([&] { return changes().size() == 4; }));
  EXPECT_EQ(changes(), (std::vector<std::string>{"a - > x", "b - > new", "a x > y", "b new > -"}));
  EXPECT_EQ(things_.reflector().contact_age().count(), 0);
}

TEST_F(ReflectorTest, AWatchThatEndsGoesOnFromTheLastVersionWithoutAList) {
  play_list(list(10, {}));
  play({.pieces = {event("ADDED", object("a", 11, "", "x"))}});
  play({.pieces = {bookmark(40)}});
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_NE(target(2).find("resourceVersion=11&"), std::string::npos);
  EXPECT_NE(target(3).find("resourceVersion=40&"), std::string::npos);
  EXPECT_EQ(things_.reflector().statistics().lists, 1u);
  EXPECT_EQ(things_.reflector().statistics().errors, 0u);
}

TEST_F(ReflectorTest, ACutConnectionLosesOnlyTheHalfEvent) {
  const std::string whole = event("ADDED", object("a", 11, "", "x"));
  const std::string half = event("ADDED", object("b", 12, "", "y")).substr(0, 30);
  play_list(list(10, {}));
  play({.pieces = {whole + half},
        .error = Error{.code = ErrorCode::kUnavailable, .message = "connection reset"}});
  start();
  ASSERT_TRUE(asked(3));
  EXPECT_NE(target(2).find("resourceVersion=11&"), std::string::npos);
  EXPECT_EQ(value("a"), "x");
  EXPECT_EQ(value("b"), "none");
}

TEST_F(ReflectorTest, AnExceptionIsAFailureLikeAnyOther) {
  play_list(list(10, {object("a", 7, "", "throws")}));
  play_list(list(11, {object("a", 7, "", "x")}));
  play({.pieces = {event("ADDED", object("b", 12, "", "throws"))}});
  play({.pieces = {event("ADDED", object("b", 12, "", "y"))}});
  start();
  ASSERT_TRUE(eventually([&] { return value("b") == "y"; }));
  EXPECT_NE(target(3).find("resourceVersion=11&"), std::string::npos);
  EXPECT_EQ(value("a"), "x");
  EXPECT_EQ(things_.reflector().statistics().errors, 2u);
  const std::lock_guard lock(mutex_);
  ASSERT_EQ(problems_.size(), 2u);
  EXPECT_NE(problems_[0].find("std::bad_alloc"), std::string::npos);
}

TEST_F(ReflectorTest, ARefusedWatchIsTriedAgainWithoutAList) {
  play_list(list(10, {object("a", 7, "", "x")}));
  for (int i = 0; i < 3; ++i) {  // the watch, and then whether the server is behind
    play({.error = Error{.code = ErrorCode::kUnavailable, .message = "connection refused"},
          .opens = false});
  }
  start();
  ASSERT_TRUE(asked(5));
  EXPECT_EQ(things_.reflector().statistics().lists, 1u);
  EXPECT_EQ(value("a"), "x") << "trouble must not empty the cache";
  EXPECT_GT(things_.reflector().contact_age().count(), 0);
  EXPECT_TRUE(things_.reflector().trouble().has_value());
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(problems_.size(), 1u) << "repeats are left out";
}

TEST_F(ReflectorTest, AnotherUidIsAnotherObject) {
  play_list(list(10, {object("a", 7, "one", "x")}));
  play({.pieces = {event("ADDED", object("a", 11, "two", "y")),
                   event("DELETED", object("a", 12, "one"))},
        .stays_open = true});
  start();
  ASSERT_TRUE(eventually([&] { return changes().size() == 3; }));
  EXPECT_EQ(changes(), (std::vector<std::string>{"a - > x", "a x > -", "a - > y"}));
  EXPECT_EQ(value("a"), "y");
}

TEST_F(ReflectorTest, UnknownEventsAndPoisonedObjectsAreSkippedAndCounted) {
  play_list(list(10, {object("a", 7, "", "x"), R"({"metadata":{}})"}));
  play({.pieces = {event("TELEPORTED", object("a", 11, "", "q")),
                   event("MODIFIED", object("a", 12, "", "poison")),
                   event("ADDED", object("b", 13, "", "y"))},
        .stays_open = true});
  start();
  ASSERT_TRUE(eventually([&] { return value("b") == "y"; }));
  EXPECT_EQ(value("a"), "x");
  EXPECT_EQ(things_.reflector().statistics().skipped, 3u);
}

TEST_F(ReflectorTest, JunkInTheStreamIsAnErrorAndNotTheEnd) {
  play_list(list(10, {}));
  play({.pieces = {"this is not an event\n"}});
  play({.pieces = {event("ADDED", object("a", 11, "", "x"))}, .stays_open = true});
  start();
  ASSERT_TRUE(eventually([&] { return value("a") == "x"; }));
  EXPECT_EQ(things_.reflector().statistics().errors, 1u);
}

/// A proxy that answers every watch with a page of its own: the caches are not kept up to date, and
/// must not look as if they were.
TEST_F(ReflectorTest, AWatchThatTellsNothingGoodIsNoContact) {
  play_list(list(10, {}));
  for (int i = 0; i < 1'000; ++i) play({.pieces = {"<html>\n"}});
  start();
  ASSERT_TRUE(asked(2));
  EXPECT_TRUE(eventually(
      [&] { return things_.reflector().contact_age() > std::chrono::milliseconds{200}; }));
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(problems_.size(), 1u) << "repeats are left out";
}

TEST_F(ReflectorTest, WhatIsNoListIsRefused) {
  play_list(R"({"kind":"Table","metadata":{"resourceVersion":"5"},"rows":[]})");
  play_list("{\"kind\":\"ThingList\",\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[");
  play_list(list(6, {}));
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(things_.reflector().statistics().errors, 2u);
  EXPECT_TRUE(things_.reflector().synced());
}

TEST_F(ReflectorTest, BeforeTheFirstListNothingIsKnown) {
  play({.status = 403, .pieces = {R"({"kind":"Status","code":403,"message":"may not list"})"}});
  start();
  ASSERT_TRUE(eventually([&] { return things_.reflector().trouble().has_value(); }));
  EXPECT_EQ(things_.reflector().trouble()->code, ErrorCode::kForbidden);
  EXPECT_FALSE(things_.reflector().synced());
  EXPECT_EQ(things_.reflector().contact_age(), std::chrono::milliseconds::max());
}

TEST(Reflector, AWatchThatEndsAtOnceWithoutEventsBacksOff) {
  FakeTransport::Script script;
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  client.note_lists_unstreamed();
  Watched<int> things(
      client, [](simdjson::dom::element, const int*) { return Result<int>(1); }, {},
      {.name = "things", .collection = [] { return Result<std::string>("/things"); }}, {});
  script.add({.pieces = {list(10, {})}});
  for (int i = 0; i < 50; ++i) script.add({});
  things.reflector().start();
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  EXPECT_LE(script.all_streamed().size(), 2u) << "the wait is 800 ms at least";
}

TEST(Reflector, StopsWhileAWatchIsSilent) {
  FakeTransport::Script script;
  script.add({.pieces = {list(10, {})}});
  script.add({.stays_open = true});
  const auto began = std::chrono::steady_clock::now();
  {
    Client client(std::make_unique<FakeTransport>(script), {}, {});
    client.note_lists_unstreamed();
    Watched<int> things(
        client, [](simdjson::dom::element, const int*) { return Result<int>(1); }, {},
        {.name = "things", .collection = [] { return Result<std::string>("/things"); }}, {});
    things.reflector().start();
    ASSERT_TRUE(eventually([&] { return script.all_streamed().size() == 2; }));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{10});
}

}  // namespace
}  // namespace edgetide::kube
