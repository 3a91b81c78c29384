#include <gtest/gtest.h>

#include "kube/watch_decoder.h"

namespace edgetide::kube {
namespace {

using Lines = std::vector<std::string>;
using Outcome = LineSplitter::Outcome;

/// Feeds `bytes` in pieces of one length.
Lines split(std::string_view bytes, std::size_t piece) {
  LineSplitter splitter(1000);
  Lines lines;
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    EXPECT_EQ(splitter.feed(part,
                            [&](std::string_view line) {
                              lines.emplace_back(line);
                              return true;
                            }),
              Outcome::kMore);
  }
  return lines;
}

TEST(LineSplitter, HowTheBytesWereCutMakesNoDifference) {
  const std::string bytes = "one\n\ntwo two\r\n \nthree\nhalf a li";
  const Lines expected{"one", "two two\r", "three"};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
    EXPECT_EQ(split(bytes, piece), expected) << "in pieces of " << piece;
}

TEST(LineSplitter, ALineOfTheLimitPassesAndOneByteMoreDoesNot) {
  const auto feed = [](std::size_t length, bool ended) {
    LineSplitter splitter(8);
    int lines = 0;
    const auto outcome = splitter.feed(std::string(length, 'x') + (ended ? "\n" : ""),
                                       [&](std::string_view) { return ++lines > 0; });
    return std::make_pair(outcome, lines);
  };
  EXPECT_EQ(feed(8, true), std::make_pair(Outcome::kMore, 1));
  EXPECT_EQ(feed(8, false), std::make_pair(Outcome::kMore, 0));
  EXPECT_EQ(feed(9, true), std::make_pair(Outcome::kTooLong, 0));
  EXPECT_EQ(feed(9, false), std::make_pair(Outcome::kTooLong, 0));
}

TEST(LineSplitter, TheLimitCountsWhatCameBefore) {
  LineSplitter splitter(8);
  const auto none = [](std::string_view) { return true; };
  EXPECT_EQ(splitter.feed("12345", none), Outcome::kMore);
  EXPECT_EQ(splitter.feed("6789", none), Outcome::kTooLong);
}

TEST(LineSplitter, NoLineFollowsADeclinedOne) {
  LineSplitter splitter(100);
  int lines = 0;
  EXPECT_EQ(splitter.feed("a\nb\nc\n", [&](std::string_view) { return ++lines < 2; }),
            Outcome::kDeclined);
  EXPECT_EQ(lines, 2);
}

WatchEventType type_in(const std::string& line) {
  WatchEventType seen = WatchEventType::kUnknown;
  EXPECT_TRUE(visit_watch_event(line, [&](WatchEventType type, simdjson::dom::element) {
                seen = type;
              }).ok());
  return seen;
}

TEST(WatchEvent, TypesAreTheApisWords) {
  EXPECT_EQ(type_in(R"({"type":"ADDED","object":{}})"), WatchEventType::kPut);
  EXPECT_EQ(type_in(R"({"type":"MODIFIED","object":{}})"), WatchEventType::kPut);
  EXPECT_EQ(type_in(R"({"type":"DELETED","object":{}})"), WatchEventType::kDeleted);
  EXPECT_EQ(type_in(R"({"type":"BOOKMARK","object":{}})"), WatchEventType::kBookmark);
  EXPECT_EQ(type_in(R"({"type":"ERROR","object":{}})"), WatchEventType::kError);
  EXPECT_EQ(type_in(R"({"type":"TELEPORTED","object":{}})"), WatchEventType::kUnknown);
}

TEST(WatchEvent, AnythingElseIsRefused) {
  for (const char* line : {"", "{", "[]", "null", R"({"type":"ADDED"})", R"({"object":{}})",
                           R"({"type":1,"object":{}})", R"({"type":"ADDED","object":[]})",
                           R"({"type":"ADDED","object":{}} trailing)",
                           "{\"type\":\"ADDED\",\"object\":{\"a\":\"\xff\"}}"})
    EXPECT_FALSE(
        visit_watch_event(line, [](WatchEventType, simdjson::dom::element) { FAIL() << "visited"; })
            .ok())
        << line;
}

}  // namespace
}  // namespace edgetide::kube
