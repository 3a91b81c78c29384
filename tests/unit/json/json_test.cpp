#include "json/json.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace edgetide::json {
namespace {

Value parsed(std::string_view text) {
  auto value = parse(text);
  EXPECT_TRUE(value.ok()) << (value ? "" : value.error().text());
  return value ? *value : Value{};
}

struct Refusal {
  std::string text;
  ErrorCode code;
  std::string message;
};

class RefusesToParse : public testing::TestWithParam<Refusal> {};

TEST_P(RefusesToParse, WithThePlace) {
  const auto value = parse(GetParam().text, {.max_bytes = 300, .max_depth = 100});
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().code, GetParam().code);
  EXPECT_EQ(value.error().text(), GetParam().message);
}

const Refusal kRefusals[] = {
    {R"({"a":1,"b":{"x":1,"x":2}})", ErrorCode::kInvalid, "JSON: the key \"x\" stands twice"},
    {std::string(101, '[') + std::string(101, ']'), ErrorCode::kInvalid,
     "JSON: nested deeper than 100 levels"},
    {"", ErrorCode::kInvalid,
     "JSON: parse error at line 1, column 1: syntax error while parsing value - unexpected end of "
     "input; expected '[', '{', or a literal"},
    {"{\n  \"a\": tru\n}", ErrorCode::kInvalid,
     "JSON: parse error at line 3, column 0: syntax error while parsing value - invalid literal; "
     "last read: '\"a\": tru<U+000A>'"},
    {"1e400", ErrorCode::kInvalid, "JSON: number overflow parsing '1e400'"},
    {"[1] 2", ErrorCode::kInvalid,
     "JSON: parse error at line 1, column 5: syntax error while parsing value - unexpected number "
     "literal; expected end of input"},
    {std::string(301, ' '), ErrorCode::kTooLarge, "301 bytes of JSON; at most 300 are read"},
};

INSTANTIATE_TEST_SUITE_P(Texts, RefusesToParse, testing::ValuesIn(kRefusals));

TEST(Parse, TakesExactlyTheAllowedDepth) {
  EXPECT_TRUE(parse(std::string(100, '[') + std::string(100, ']')).ok());
}

TEST(Parse, EqualKeysInDifferentObjectsAreFine) {
  EXPECT_EQ(parsed(R"([{"a":1},{"a":2}])")[1]["a"], 2);
}

TEST(Find, FollowsKeysIndicesAndBrackets) {
  const Value value = parsed(R"({"a":{"b":[10,{"c":11}]},"x":{"example.com/y":12},"n":null})");
  EXPECT_EQ(*find(value, "a.b[0]"), 10);
  EXPECT_EQ(*find(value, "a.b[1].c"), 11);
  EXPECT_EQ(*find(value, "x[\"example.com/y\"]"), 12);
  EXPECT_EQ(find(value, ""), &value);
  for (const char* absent : {"n", "a.b[2]", "a.b[-1]", "a.b[x]", "a.b[0", "a.b.c", "z.z", "x[\"q",
                             "a[0]", "a.b[99999999999999999999]"}) {
    EXPECT_EQ(find(value, absent), nullptr) << absent;
  }
}

TEST(ChildPath, IsReadBackByFind) {
  for (const std::string key : {"plain", "example.com/y", "with space", "", "a[0]", "a-b_c/d"}) {
    const Value value{{key, {1, 2}}};
    EXPECT_NE(find(value, child_path(child_path("", key), std::size_t{1})), nullptr) << key;
  }
}

std::string int_error(std::string_view number) {
  const auto result =
      get_int(parsed("{\"spec\":{\"n\":" + std::string{number} + "}}"), "spec.n", -5, 100);
  return result ? "value " + std::to_string(*result) : result.error().text();
}

TEST(GetInt, TakesOnlyIntegersInRange) {
  const std::string wanted = " is not an integer from -5 to 100";
  EXPECT_EQ(int_error("-5"), "value -5");
  EXPECT_EQ(int_error("100"), "value 100");
  EXPECT_EQ(int_error("101"), "spec.n: 101" + wanted);
  EXPECT_EQ(int_error("-6"), "spec.n: -6" + wanted);
  EXPECT_EQ(int_error("3.7"), "spec.n: 3.7" + wanted);
  EXPECT_EQ(int_error("3.0"), "spec.n: 3.0" + wanted);
  EXPECT_EQ(int_error("4294967297"), "spec.n: 4294967297" + wanted);
  EXPECT_EQ(int_error("18446744073709551615"), "spec.n: 18446744073709551615" + wanted);
  EXPECT_EQ(int_error("\"7\""), "spec.n: \"7\"" + wanted);
  EXPECT_EQ(int_error("[1]"), "spec.n: a list" + wanted);
  EXPECT_EQ(int_error("null"), "spec.n: missing; must be an integer from -5 to 100");
}

TEST(GetNumber, TakesFiniteNumbersInRange) {
  const Value value = parsed(R"({"a":0.5,"b":2,"c":"x"})");
  EXPECT_EQ(*get_number(value, "a", 0, 1), 0.5);
  EXPECT_EQ(*get_number(value, "b", 0, 2), 2);
  EXPECT_EQ(get_number(value, "b", 0, 1.5).error().text(), "b: 2 is not a number from 0 to 1.5");
  EXPECT_EQ(get_number(value, "c", 0, 1).error().text(), "c: \"x\" is not a number from 0 to 1");
  EXPECT_EQ(get_number(Value(std::numeric_limits<double>::quiet_NaN()), "", 0, 1).error().code,
            ErrorCode::kInvalid);
}

TEST(GetStringAndBool, SayWhatTheyFound) {
  const Value value = parsed(R"({"s":"text","t":true,"n":5})");
  EXPECT_EQ(*get_string(value, "s"), "text");
  EXPECT_EQ(*get_bool(value, "t"), true);
  EXPECT_EQ(get_string(value, "n").error().text(), "n: 5 is not a string");
  EXPECT_EQ(get_bool(value, "s").error().text(), "s: \"text\" is not true or false");
  EXPECT_EQ(get_bool(value, "q").error().code, ErrorCode::kNotFound);
}

TEST(Excerpt, CutsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "\xC3\xA9";
  const std::string cut = excerpt(Value(text));
  EXPECT_LE(cut.size(), 63u);
  EXPECT_TRUE(cut.ends_with("\xC3\xA9...")) << cut;
}

TEST(Dump, NeverFailsOnBadBytes) {
  EXPECT_EQ(dump(Value("a\xFF")), "\"a\xEF\xBF\xBD\"");
  EXPECT_EQ(dump_indented(Value{{"a", 1}}), "{\n  \"a\": 1\n}");
}

TEST(NumberText, IsShortestAndWithoutAnExponentWherePeopleReadIt) {
  EXPECT_EQ(number_text(3), "3");
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(100'000), "100000");
  EXPECT_EQ(number_text(1e15), "1000000000000000");
  EXPECT_EQ(number_text(-12'345'678'901'234'567'168.0), "-12345678901234567168");
  EXPECT_EQ(number_text(-1.2345678901234567e-6), "-0.0000012345678901234567");
  EXPECT_EQ(number_text(1e300), "1e+300");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "-Inf");
}

TEST(ParseProperty, MutatedTextNeverCrashes) {
  const std::string seed_text =
      R"({"kind":"List","items":[{"a":1.5e3,"b":"x\u00e9\n","c":[true,false,null]},{"d":{}}]})";
  std::mt19937 random{1};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = seed_text;
    for (int i = 0; i < 4; ++i) text[random() % text.size()] = static_cast<char>(random());
    const auto value = parse(text);
    if (value) static_cast<void>(dump(*value));
  }
}

}  // namespace
}  // namespace edgetide::json
