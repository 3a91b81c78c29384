#include <gtest/gtest.h>

#include "client_fake_transport.h"
#include "json/large.h"
#include "kube/watched.h"

namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::FakeTransport;

std::string object(const std::string& name, int version, const std::string& uid = "",
                   const std::string& value = "") {
  return R"({"metadata":{"namespace":"video","name":")" + name + R"(","uid":")" +
         (uid.empty() ? "uid-" + name : uid) + R"(","resourceVersion":")" +
         std::to_string(version) + R"("},"value":")" + value + "\"}";
}

std::string list(int version, const std::vector<std::string>& objects,
                 const std::string& next = "") {
  std::string items;
  for (const auto& item : objects) items += (items.empty() ? "" : ",") + item;
  return R"({"kind":"ThingList","metadata":{"resourceVersion":")" + std::to_string(version) +
         R"(","continue":")" + next + R"("},"items":[)" + items + "]}";
}

std::string event(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}

std::string bookmark(int version) {
  return event("BOOKMARK",
               R"({"metadata":{"resourceVersion":")" + std::to_string(version) + R"("}})");
}

const std::string kExpired =
    R"({"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"})";

/// A reflector of things whose value is a word, in milliseconds instead of seconds.
class ReflectorTest : public ::testing::Test {
 protected:
  ReflectorTest()
      : client_(std::make_unique<FakeTransport>(script_), {}, {}),
        things_(
            client_, decode,
            [this](const ObjectKey& key, const auto& before, const auto& after) {
              const std::lock_guard lock(mutex_);
              changes_.push_back(key.name + (before ? " " + *before : " -") + " >" +
                                 (after ? " " + *after : " -"));
            },
            {.name = "things",
             .collection = [this]() -> Result<std::string> { return collection_; },
             .backoff = {.first = std::chrono::milliseconds{1},
                         .longest = std::chrono::milliseconds{2}},
             .very_short = std::chrono::milliseconds{0}},
            [this](const std::string& problem) {
              const std::lock_guard lock(mutex_);
              problems_.push_back(problem);
            }) {}

  static Result<std::string> decode(simdjson::dom::element thing, const std::string*) {
    const std::string value{json::string_at(thing, "value").value_or("")};
    if (value == "poison") return Error{.message = "cannot be understood"};
    return value;
  }

  void start() { things_.reflector().start(); }
  void play(FakeTransport::Stream stream) { script_.add(std::move(stream)); }
  void play_list(const std::string& body) { play({.pieces = {body}}); }

  [[nodiscard]] bool asked(std::size_t count) {
    return eventually([&] { return script_.all_streamed().size() >= count; });
  }
  [[nodiscard]] std::string target(std::size_t index) {
    return script_.all_streamed().at(index).target;
  }
  [[nodiscard]] std::string value(const std::string& name) {
    const auto found = things_.store().find({"video", name});
    return found ? *found : "none";
  }
  [[nodiscard]] std::vector<std::string> changes() {
    const std::lock_guard lock(mutex_);
    return changes_;
  }

  std::string collection_ = "/things";
  std::mutex mutex_;
  std::vector<std::string> changes_;
  std::vector<std::string> problems_;
  FakeTransport::Script script_;
  Client client_;
  Watched<std::string> things_;
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

TEST_F(ReflectorTest, AnExpiredVersionInTheStreamIsAnsweredByAListThatReplacesAtOnce) {
  play_list(list(10, {object("a", 7, "", "x"), object("b", 8, "", "y"), object("c", 9, "", "z")}));
  play({.pieces = {event("ERROR", kExpired)}});
  play_list(
      list(90, {object("a", 7, "", "x"), object("b", 80, "", "y2"), object("d", 85, "", "w")}));
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(target(2), "/things?resourceVersion=10");
  EXPECT_NE(target(3).find("resourceVersion=90&"), std::string::npos);
  ASSERT_TRUE(eventually([&] { return changes().size() == 6; }));
  const auto seen = changes();
  EXPECT_EQ((std::vector<std::string>(seen.begin() + 3, seen.end())),
            (std::vector<std::string>{"c z > -", "b y > y2", "d - > w"}));
  EXPECT_EQ(things_.reflector().statistics().expiries, 1u);
}

TEST_F(ReflectorTest, AnExpiredVersionWhenOpeningIsAnsweredByAList) {
  play_list(list(10, {}));
  play({.status = 410, .pieces = {kExpired}});
  play_list(list(20, {}));
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(target(2), "/things?resourceVersion=10");
}

TEST_F(ReflectorTest, WhenEvenTheListHasExpiredItPagesThroughTheStore) {
  play_list(list(10, {object("a", 7, "", "x")}));
  play({.pieces = {event("ERROR", kExpired)}});
  play({.status = 410, .pieces = {kExpired}});
  play_list(list(90, {object("b", 50, "", "y")}, "more&"));
  play_list(list(90, {object("c", 60, "", "z")}));
  start();
  ASSERT_TRUE(asked(6));
  EXPECT_EQ(target(3), "/things?limit=500");
  EXPECT_EQ(target(4), "/things?limit=500&continue=more%26");
  EXPECT_EQ(value("a"), "none");
  EXPECT_EQ(value("b"), "y");
  EXPECT_EQ(value("c"), "z");
}

TEST_F(ReflectorTest, AListThatIsTooLargeAtOnceIsReadInPagesFromThenOn) {
  play_list(list(10, {object("a", 7, "", std::string(33u << 20, 'x'))}));
  play_list(list(10, {object("a", 7, "", "x")}, "more"));
  play_list(list(10, {object("b", 8, "", "y")}));
  play({.pieces = {event("ERROR", kExpired)}});
  play_list(list(90, {object("a", 7, "", "x")}));
  start();
  ASSERT_TRUE(asked(6));
  EXPECT_EQ(target(0), "/things?resourceVersion=0");
  EXPECT_EQ(target(1), "/things?limit=500");
  EXPECT_EQ(target(2), "/things?limit=500&continue=more");
  EXPECT_EQ(target(4), "/things?limit=500");
  EXPECT_EQ(value("a"), "x");
}

TEST_F(ReflectorTest, AServerThatIsBehindIsListedAfresh) {
  const std::string behind = R"({"kind":"Status","code":504,"reason":"Timeout",)"
                             R"("message":"Too large resource version: 10, current: 3"})";
  play({.status = 504, .pieces = {behind}});
  play_list(list(3, {object("a", 2, "", "x")}));
  start();
  ASSERT_TRUE(asked(3));
  EXPECT_EQ(target(1), "/things?limit=500");
  EXPECT_EQ(value("a"), "x");
}

TEST_F(ReflectorTest, AListThatFailsHalfWayChangesNothing) {
  play_list(list(10, {object("a", 7, "", "x")}));
  play({.pieces = {event("ERROR", kExpired)}});
  play({.status = 410, .pieces = {kExpired}});
  play_list(list(90, {object("b", 50, "", "y")}, "more"));
  play({.status = 410, .pieces = {kExpired}});
  start();
  ASSERT_TRUE(asked(6));
  EXPECT_EQ(value("a"), "x");
  EXPECT_EQ(value("b"), "none");
}

TEST_F(ReflectorTest, DataThatWentBackInTimeAreListedAfresh) {
  play_list(list(100, {object("a", 90, "", "x")}));
  play({.pieces = {event("MODIFIED", object("a", 50, "", "old"))}});
  play_list(list(60, {object("a", 50, "", "old")}));
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(target(2), "/things?limit=500");
  EXPECT_EQ(value("a"), "old");
}

/// On a watch from a version that it has not reached, a server says nothing until it has.
TEST_F(ReflectorTest, AServerThatIsBackWithAnOlderBackupIsListedAfresh) {
  play_list(list(100, {object("a", 90, "", "x")}));
  play({.error = Error{.code = ErrorCode::kUnavailable, .message = "connection refused"},
        .opens = false});
  play_list(list(60, {object("a", 50, "", "old")}));  // one page, for its version alone
  play_list(list(60, {object("a", 50, "", "old")}));
  start();
  ASSERT_TRUE(asked(5));
  EXPECT_EQ(target(2), "/things?limit=1");
  EXPECT_EQ(target(3), "/things?limit=500");
  EXPECT_NE(target(4).find("resourceVersion=60&"), std::string::npos);
  EXPECT_EQ(value("a"), "old");
}

TEST_F(ReflectorTest, AServerThatIsBackWithWhatItHadIsWatchedFromThere) {
  play_list(list(100, {object("a", 90, "", "x")}));
  play({.error = Error{.code = ErrorCode::kTimeout, .message = "fell silent"}});
  play_list(list(140, {}));
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(target(2), "/things?limit=1");
  EXPECT_NE(target(3).find("resourceVersion=100&"), std::string::npos);
  EXPECT_EQ(value("a"), "x");
  EXPECT_EQ(things_.reflector().statistics().lists, 1u);
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

/// Waits that show: the one after six failures in a row is 640 ms at least.
class ReflectorBackoffTest : public ::testing::Test {
 protected:
  static constexpr int kFailures = 6;
  static constexpr std::chrono::milliseconds kSoon{500};

  ReflectorBackoffTest()
      : client_(std::make_unique<FakeTransport>(script_), {}, {}),
        things_(client_, [](simdjson::dom::element, const int*) { return Result<int>(1); }, {},
                {.name = "things",
                 .collection = [] { return Result<std::string>("/things"); },
                 .backoff = {.first = std::chrono::milliseconds{20},
                             .longest = std::chrono::milliseconds{60'000}},
                 .very_short = std::chrono::milliseconds{0}},
                {}) {}

  void play_list(int version) { script_.add({.pieces = {list(version, {})}}); }
  void play_refused_connections() {
    for (int i = 0; i < kFailures; ++i) {
      script_.add(
          {.error = Error{.code = ErrorCode::kUnavailable, .message = "refused"}, .opens = false});
    }
  }
  [[nodiscard]] bool asked(std::size_t count) {
    return eventually([&] { return script_.all_streamed().size() >= count; });
  }
  /// How long after the request before it the one with this number came.
  [[nodiscard]] std::chrono::steady_clock::duration wait_before(std::size_t count) {
    EXPECT_TRUE(asked(count - 1));
    const auto since = std::chrono::steady_clock::now();
    EXPECT_TRUE(asked(count));
    return std::chrono::steady_clock::now() - since;
  }

  FakeTransport::Script script_;
  Client client_;
  Watched<int> things_;
};

TEST_F(ReflectorBackoffTest, GrowsWhileNobodyAnswers) {
  play_list(10);
  play_refused_connections();
  things_.reflector().start();
  EXPECT_GT(wait_before(2 + kFailures), kSoon);
}

TEST_F(ReflectorBackoffTest, AnOlderBackupIsListedAtOnceHoweverLongTheServerWasAway) {
  play_list(100);
  play_refused_connections();
  play_list(60);  // one page, for its version alone
  play_list(60);
  things_.reflector().start();
  EXPECT_LT(wait_before(3 + kFailures), kSoon);
  EXPECT_EQ(script_.all_streamed().at(2 + kFailures).target, "/things?limit=500");
}

TEST_F(ReflectorBackoffTest, AnExpiredVersionIsListedAtOnce) {
  play_list(10);
  play_refused_connections();
  play_list(20);  // it is not behind
  script_.add({.status = 410, .pieces = {kExpired}});
  play_list(30);
  things_.reflector().start();
  EXPECT_LT(wait_before(4 + kFailures), kSoon);
}

TEST_F(ReflectorBackoffTest, AVersionThatExpiresAfterEveryListIsNoHotLoop) {
  for (int i = 0; i < 50; ++i) {
    play_list(10 + i);
    script_.add({.status = 410, .pieces = {kExpired}});
  }
  things_.reflector().start();
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  EXPECT_LE(script_.all_streamed().size(), 12u) << "the waits between lists double";
}

TEST_F(ReflectorBackoffTest, AServerThatAnswersAgainIsAskedSoon) {
  play_list(10);
  play_refused_connections();
  script_.add({.status = 503, .pieces = {"starting"}});
  script_.add({.status = 403,
               .pieces = {R"({"kind":"Status","code":403,"message":"no rights read yet"})"}});
  play_list(20);
  things_.reflector().start();
  EXPECT_LT(wait_before(3 + kFailures), kSoon);
  EXPECT_LT(wait_before(4 + kFailures), kSoon);
}

TEST(Reflector, AWatchThatEndsAtOnceWithoutEventsBacksOff) {
  FakeTransport::Script script;
  Client client(std::make_unique<FakeTransport>(script), {}, {});
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
    Watched<int> things(
        client, [](simdjson::dom::element, const int*) { return Result<int>(1); }, {},
        {.name = "things", .collection = [] { return Result<std::string>("/things"); }}, {});
    things.reflector().start();
    ASSERT_TRUE(eventually([&] { return script.all_streamed().size() == 2; }));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
}

}  // namespace
}  // namespace edgetide::kube
