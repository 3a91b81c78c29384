#include <gtest/gtest.h>

#include "client_things.h"

/// What makes a reflector list again, and how often it asks when things go wrong.
namespace edgetide::kube {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

/// A server that streams no lists.
class RelistTest : public Things {
 protected:
  RelistTest() { client_.note_lists_unstreamed(); }
};

TEST_F(RelistTest, AnExpiredVersionInTheStreamIsAnsweredByAListThatReplacesAtOnce) {
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

TEST_F(RelistTest, AnExpiredVersionWhenOpeningIsAnsweredByAList) {
  play_list(list(10, {}));
  play({.status = 410, .pieces = {kExpired}});
  play_list(list(20, {}));
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(target(2), "/things?resourceVersion=10");
}

TEST_F(RelistTest, WhenEvenTheListHasExpiredItPagesThroughTheStore) {
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

TEST_F(RelistTest, AListThatIsTooLargeAtOnceIsReadInPagesFromThenOn) {
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

TEST_F(RelistTest, AServerThatIsBehindIsListedAfresh) {
  const std::string behind = R"({"kind":"Status","code":504,"reason":"Timeout",)"
                             R"("message":"Too large resource version: 10, current: 3"})";
  play({.status = 504, .pieces = {behind}});
  play_list(list(3, {object("a", 2, "", "x")}));
  start();
  ASSERT_TRUE(asked(3));
  EXPECT_EQ(target(1), "/things?limit=500");
  EXPECT_EQ(value("a"), "x");
}

TEST_F(RelistTest, AListThatFailsHalfWayChangesNothing) {
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

TEST_F(RelistTest, DataThatWentBackInTimeAreListedAfresh) {
  play_list(list(100, {object("a", 90, "", "x")}));
  play({.pieces = {event("MODIFIED", object("a", 50, "", "old"))}});
  play_list(list(60, {object("a", 50, "", "old")}));
  start();
  ASSERT_TRUE(asked(4));
  EXPECT_EQ(target(2), "/things?limit=500");
  EXPECT_EQ(value("a"), "old");
}

/// On a watch from a version that it has not reached, a server says nothing until it has.
TEST_F(RelistTest, AServerThatIsBackWithAnOlderBackupIsListedAfresh) {
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

TEST_F(RelistTest, AServerThatIsBackWithWhatItHadIsWatchedFromThere) {
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

/// Waits that show: the one after six failures in a row is 640 ms at least, the next 1,280.
class ReflectorBackoffTest : public ::testing::Test {
 protected:
  static constexpr int kFailures = 6;
  static constexpr std::chrono::milliseconds kGrown{500};
  static constexpr std::chrono::milliseconds kSoon{1'200};

  ReflectorBackoffTest()
      : client_(std::make_unique<FakeTransport>(script_), {}, {}),
        things_(client_, [](simdjson::dom::element, const int*) { return Result<int>(1); }, {},
                {.name = "things",
                 .collection = [] { return Result<std::string>("/things"); },
                 .backoff = {.first = std::chrono::milliseconds{20},
                             .longest = std::chrono::milliseconds{60'000}},
                 .very_short = std::chrono::milliseconds{0}},
                {}) {
    client_.note_lists_unstreamed();
  }

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
  EXPECT_GT(wait_before(2 + kFailures), kGrown);
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

}  // namespace
}  // namespace edgetide::kube
