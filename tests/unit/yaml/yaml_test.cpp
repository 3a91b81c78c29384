#include "yaml/yaml.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "json/json.h"
#include "yaml/to_json.h"

namespace edgetide::yaml {
namespace {

/// The first document as JSON, or the error's text.
std::string outcome(std::string_view text) {
  const auto documents = load_all(text, "f.yaml");
  if (!documents) return documents.error().text();
  return documents->empty() ? "nothing" : json::dump(to_json(documents->front()).value);
}

struct Case {
  std::string text;
  std::string expected;
};

class Loads : public testing::TestWithParam<Case> {};

TEST_P(Loads, AsExpected) { EXPECT_EQ(outcome(GetParam().text), GetParam().expected); }

const Case kGood[] = {
    {"a: 1\nb: [x, 2.5, true, null, ~, ]", R"({"a":1,"b":["x",2.5,true,null,null]})"},
    {"a:\n  b: c d\n  e: 'yes'\n  f: \"010\"", R"({"a":{"b":"c d","e":"yes","f":"010"}})"},
    {"text: |\n  yes\n  no\n", R"({"text":"yes\nno\n"})"},
    {"folded: >-\n  010\n", R"({"folded":"010"})"},
    {"a: 1e3", R"({"a":1000.0})"},
    {"a: -7\nb: +7\nc: 0\nd: 0.5\ne: .5\nf: 5.", R"({"a":-7,"b":7,"c":0,"d":0.5,"e":0.5,"f":5.0})"},
    {"a: 9223372036854775807", R"({"a":9223372036854775807})"},
    {"a: 18446744073709551615", R"({"a":18446744073709551615})"},
    {"a: 2026-12-05T20:00:00", R"({"a":"2026-12-05T20:00:00"})"},
    {"a: v1.34.2\nb: 1.2.3.4:6443\nc: 8G\nd: 12abc",
     R"({"a":"v1.34.2","b":"1.2.3.4:6443","c":"8G","d":"12abc"})"},
    {"a: {}\nb: []\nc:", R"({"a":{},"b":[],"c":null})"},
    {"\xEF\xBB\xBF"
     "a: \xC3\xA9",
     "{\"a\":\"\xC3\xA9\"}"},
    {"# only a comment\n", "nothing"},
    {"", "nothing"},
    {"---\n---\na: 1", R"({"a":1})"},
    {"\"true\": 1\n'1': 2", R"({"1":2,"true":1})"},
};
INSTANTIATE_TEST_SUITE_P(Good, Loads, testing::ValuesIn(kGood));

const std::string kYesNo =
    " is a string to some readers and true or false to others: quote it, or write true or false";
const std::string kNumberOrString =
    " is a number to some readers and a string to others: quote it, or write plain decimal digits";
const std::string kOctal =
    " is octal to some readers and decimal to others: quote it, or leave out the leading zero";

const Case kBad[] = {
    {"a: 1\nb:\n  c: 2\n  c: 3", "f.yaml:4:3: b: the key \"c\" stands already at 3:3"},
    {"a: 1\n\"a\": 2", "f.yaml:2:1: the key \"a\" stands already at 1:1"},
    {"a: &x 1\nb: *x",
     "f.yaml:1:4: a: an anchor (&name): write the value out where it is used\n"
     "f.yaml:2:4: b: an alias (*name): write the value out"},
    {"a: &x [*x]",
     "f.yaml:1:4: a: an anchor (&name): write the value out where it is used\n"
     "f.yaml:1:8: a[0]: an alias (*name): write the value out"},
    {"a:\n  <<: {b: 1}", "f.yaml:2:3: a: a merge key (<<): write its members out"},
    {"a: yes", "f.yaml:1:4: a: `yes`" + kYesNo},
    {"a: [On, 'on']", "f.yaml:1:5: a[0]: `On`" + kYesNo},
    {"a: NO\nb: n", "f.yaml:1:4: a: `NO`" + kYesNo + "\nf.yaml:2:4: b: `n`" + kYesNo},
    {"a: 010", "f.yaml:1:4: a: `010`" + kOctal},
    {"a: -07", "f.yaml:1:4: a: `-07`" + kOctal},
    {"a: 0x1F", "f.yaml:1:4: a: `0x1F`" + kNumberOrString},
    {"a: 0o17", "f.yaml:1:4: a: `0o17`" + kNumberOrString},
    {"a: 0b11", "f.yaml:1:4: a: `0b11`" + kNumberOrString},
    {"a: 1_000", "f.yaml:1:4: a: `1_000`" + kNumberOrString},
    {"a: 20:30", "f.yaml:1:4: a: `20:30` is a number in base sixty to some readers: quote it"},
    {"a: .nan", "f.yaml:1:4: a: `.nan` is not a finite number: quote it if a string is meant"},
    {"a: -.Inf", "f.yaml:1:4: a: `-.Inf` is not a finite number: quote it if a string is meant"},
    {"a: 1e999",
     "f.yaml:1:4: a: `1e999` is outside the range of numbers: quote it if a string is meant"},
    {"a: 18446744073709551616",
     "f.yaml:1:4: a: `18446744073709551616` does not fit 64 bits: quote it if a string is meant"},
    {"1: a", "f.yaml:1:1: the key `1` is an integer: keys are strings, quote it"},
    {"true: a", "f.yaml:1:1: the key `true` is true or false: keys are strings, quote it"},
    {"on: a", "f.yaml:1:1: the key `on`" + kYesNo},
    {"~: a", "f.yaml:1:1: null is not a key: keys are strings, quote it"},
    {"? [a]\n: b", "f.yaml:1:3: a list or an object as a key: keys are strings"},
    {"a: !!str 5", "f.yaml:1:4: a: the tag tag:yaml.org,2002:str: tags are not supported"},
    {"a: !thing {b: 1}", "f.yaml:1:4: a: the tag !thing: tags are not supported"},
    {"a: \xFF", "f.yaml:1:4: the byte 0xFF is not UTF-8"},
    {"\xC3\xA9: \xC0\x80", "f.yaml:1:4: the byte 0xC0 is not UTF-8"},
    {"a: \xED\xA0\x80", "f.yaml:1:4: the byte 0xED is not UTF-8"},
    {"a: 1\nb: \x01", "f.yaml:2:4: the control character 0x01"},
    {"a: 'x", "f.yaml:1:6: illegal EOF in scalar"},
    {"a: [1, 2", "f.yaml:1:9: end of sequence flow not found"},
    {"a: -\n", "f.yaml:1:4: illegal block entry"},
    {"a: b: c", "f.yaml:1:5: illegal map value"},
};
INSTANTIATE_TEST_SUITE_P(Bad, Loads, testing::ValuesIn(kBad));

TEST(LoadAll, GivesEveryDocumentWithContent) {
  const auto documents = load_all("a: 1\n---\n# nothing\n---\nb: 2\n...\n", "f.yaml");
  ASSERT_TRUE(documents.ok());
  ASSERT_EQ(documents->size(), 2u);
  EXPECT_EQ((*documents)[1].find("b")->position(), (Position{5, 4}));
}

TEST(LoadAll, RefusesTooDeepAndTooLarge) {
  EXPECT_EQ(outcome(std::string(64, '[') + std::string(64, ']')).substr(0, 2), "[[");
  std::string path;
  for (int i = 0; i < 64; ++i) path += "[0]";
  EXPECT_EQ(outcome(std::string(65, '[') + std::string(65, ']')),
            "f.yaml:1:65: " + path + ": nested deeper than 64 levels");
  EXPECT_FALSE(load_all(std::string(100'000, '['), "f.yaml").ok());
  const auto large = load_all(std::string(101, ' '), "f.yaml", {.max_bytes = 100});
  EXPECT_EQ(large.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(large.error().text(), "f.yaml: more than 100 bytes of YAML");
}

TEST(LoadAll, ReportsAtMostTwentyProblems) {
  std::string text;
  for (int i = 0; i < 25; ++i) text += "k" + std::to_string(i) + ": yes\n";
  EXPECT_TRUE(outcome(text).ends_with("\nand 5 more"));
}

TEST(LoadFile, NamesTheFileThatIsNotThere) {
  const auto result = load_file("/nowhere/x.yaml");
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(result.error().text(), "/nowhere/x.yaml: cannot be opened for reading");
}

TEST(Value, AnswersByKind) {
  const auto documents = load_all("a: 1\nb: [x]\nc: true", "f.yaml");
  ASSERT_TRUE(documents.ok());
  const Value& root = documents->front();
  EXPECT_EQ(*root.find("a")->as_int(), 1);
  EXPECT_EQ(*root.find("b")->items()[0].as_string(), "x");
  EXPECT_EQ(*root.find("c")->as_bool(), true);
  EXPECT_EQ(root.find("d"), nullptr);
  EXPECT_EQ(root.find("a")->find("z"), nullptr);
  EXPECT_EQ(root.members()[1].position, (Position{2, 1}));
}

TEST(ToJson, KnowsWhereThingsStand) {
  const auto documents = load_all("spec:\n  x.y/z: 1\n  list:\n  - a: 1\n    b: 2\n", "f.yaml");
  ASSERT_TRUE(documents.ok());
  const auto located = to_json(documents->front());
  EXPECT_EQ(located.position_of("spec"), (Position{1, 1}));
  EXPECT_EQ(located.position_of("spec[\"x.y/z\"]"), (Position{2, 3}));
  EXPECT_EQ(located.position_of("spec.list[0]"), (Position{4, 5}));
  EXPECT_EQ(located.position_of("spec.list[0].b"), (Position{5, 5}));
  EXPECT_EQ(located.position_of("spec.list[0].absent.deeper"), (Position{4, 5}));
  EXPECT_EQ(located.position_of("absent"), (Position{1, 1}));
  EXPECT_EQ(*json::find(located.value, "spec.list[0].b"), 2);
}

TEST(LoadProperty, MutatedTextNeverCrashes) {
  const std::string seed_text =
      "apiVersion: v1\nkind: X\nspec:\n  list:\n  - {a: 1, 'b': [x, \"y\"]}\n  text: |\n    lines\n"
      "  # comment\n  n: -1.5e3\n---\n? k\n: v\n";
  std::mt19937 random{3};
  const std::string likely = "[]{}:,-?&*!|>'\"%@` \n\t#~.0aA\xC3";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = seed_text;
    for (int i = 0; i < 4; ++i) {
      const std::size_t at = random() % text.size();
      if (random() % 3 == 0)
        text.erase(at, random() % 8);
      else
        text.insert(at, 1, likely[random() % likely.size()]);
    }
    const auto documents = load_all(text, "f");
    if (!documents) continue;
    for (const Value& document : *documents) static_cast<void>(to_json(document));
  }
}

}  // namespace
}  // namespace edgetide::yaml
