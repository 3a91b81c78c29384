#include "json/large.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace edgetide::json {
namespace {

Result<void> ignore(simdjson::dom::element) { return {}; }

TEST(VisitLarge, ReadsTypedMembers) {
  bool visited = false;
  const auto done = visit_large(
      R"({"s":"x","i":-7,"b":true,"n":null,"o":{"k":1},"a":[1,2],"u":18446744073709551615})", {},
      [&](simdjson::dom::element root) -> Result<void> {
        visited = true;
        EXPECT_EQ(string_at(root, "s"), "x");
        EXPECT_EQ(int_at(root, "i"), -7);
        EXPECT_EQ(bool_at(root, "b"), true);
        EXPECT_EQ(at(root, "n"), std::nullopt);
        EXPECT_EQ(int_at(root, "s"), std::nullopt);
        EXPECT_EQ(int_at(root, "u"), std::nullopt);
        EXPECT_EQ(string_at(root, "absent"), std::nullopt);
        EXPECT_EQ(string_at(*at(root, "a"), "not an object"), std::nullopt);
        EXPECT_TRUE(object_at(root, "o").has_value());
        EXPECT_EQ(array_at(root, "a")->size(), 2u);
        return {};
      });
  EXPECT_TRUE(done.ok());
  EXPECT_TRUE(visited);
}

TEST(VisitLarge, PassesTheVisitorsErrorOn) {
  const auto done = visit_large("{}", {}, [](simdjson::dom::element) -> Result<void> {
    return Error{ErrorCode::kConflict, "no"};
  });
  EXPECT_EQ(done.error().code, ErrorCode::kConflict);
}

TEST(VisitLarge, RefusesWhatIsNotOneCompleteValue) {
  for (const std::string text :
       {"", " ", "{", "{\"a\":[1,2", "{} {}", "nul", "{\"a\":1e400}", "\"\xFF\"", "[1,]"}) {
    EXPECT_EQ(visit_large(text, {}, ignore).error().code, ErrorCode::kInvalid) << text;
  }
}

TEST(VisitLarge, KeepsItsLimits) {
  EXPECT_EQ(visit_large("[1,2,3]", {.max_bytes = 6}, ignore).error().text(),
            "7 bytes of JSON; at most 6 are read");
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(visit_large(nested(100), {.max_depth = 101}, ignore).ok());
  EXPECT_EQ(visit_large(nested(150), {}, ignore).error().text(),
            "JSON: nested deeper than 100 levels");
  // The limit holds again after a larger text, and after another limit.
  EXPECT_TRUE(visit_large("[" + std::string(2u << 20, ' ') + "]", {}, ignore).ok());
  EXPECT_EQ(visit_large(nested(150), {}, ignore).error().code, ErrorCode::kTooLarge);
}

TEST(VisitLargeProperty, MutatedTextNeverCrashes) {
  const std::string seed_text =
      R"({"status":"success","data":{"resultType":"vector",)"
      R"("result":[{"metric":{"a":"b"},"value":[1.5,"2"]}]}})";
  std::mt19937 random{2};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = seed_text;
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = static_cast<char>(random());
    static_cast<void>(visit_large(text, {}, ignore));
  }
}

}  // namespace
}  // namespace edgetide::json
