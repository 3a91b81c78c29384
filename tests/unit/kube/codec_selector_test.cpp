#include <gtest/gtest.h>

#include "kube/selector.h"

namespace edgetide::kube {
namespace {

bool selects(const std::string& selector, const Labels& labels) {
  const auto read = Selector::parse(selector);
  if (!read.ok()) ADD_FAILURE() << read.error().text();
  return read.ok() && read->matches(labels);
}

TEST(Selector, SelectsByEveryRequirement) {
  const Labels edge{{"app", "edge"}, {"zone", "a"}, {"example.com/tier", ""}};
  EXPECT_TRUE(selects("", edge));
  EXPECT_TRUE(selects("", {}));
  EXPECT_TRUE(selects("app=edge", edge));
  EXPECT_TRUE(selects("app==edge", edge));
  EXPECT_TRUE(selects(" app = edge , zone = a ", edge));
  EXPECT_FALSE(selects("app=edge,zone=b", edge));
  EXPECT_FALSE(selects("app=", edge));
  EXPECT_TRUE(selects("example.com/tier=", edge));
  EXPECT_TRUE(selects("zone in (a,b)", edge));
  EXPECT_TRUE(selects("zone in(b, a)", edge));
  EXPECT_FALSE(selects("zone in (b,c)", edge));
  EXPECT_TRUE(selects("zone notin (b,c)", edge));
  EXPECT_FALSE(selects("zone notin (a)", edge));
  EXPECT_TRUE(selects("zone", edge));
  EXPECT_FALSE(selects("!zone", edge));
  EXPECT_FALSE(selects("canary", edge));
  EXPECT_TRUE(selects("!canary", edge));
  EXPECT_TRUE(selects("app,!canary,zone!=b", edge));
}

TEST(Selector, NegationsAlsoSelectWhatLacksTheLabel) {
  EXPECT_TRUE(selects("zone!=a", {}));
  EXPECT_TRUE(selects("zone notin (a)", {}));
  EXPECT_FALSE(selects("zone=", {}));
  EXPECT_FALSE(selects("zone in (a)", {}));
}

TEST(Selector, WordsOfTheGrammarMayBeLabels) {
  EXPECT_TRUE(selects("in", {{"in", "x"}}));
  EXPECT_TRUE(selects("notin in (in)", {{"notin", "in"}}));
}

TEST(Selector, WhatIsNotUnderstoodIsRefusedWithItsColumn) {
  const struct {
    const char* text;
    const char* expected;
  } kCases[] = {
      {"=a", "expected a label's name at column 1"},
      {"a=b,", "expected a label's name at column 5"},
      {",", "expected a label's name at column 1"},
      {"a b", "expected one of '=', '==', '!=', 'in', 'notin', ',' at column 3"},
      {"a>1", "expected one of '=', '==', '!=', 'in', 'notin', ',' at column 2"},
      {"a in b", "expected '(' at column 6"},
      {"a in (b", "expected ')' or ',' at column 8"},
      {"a in (b c)", "expected ')' or ',' at column 9"},
      {"a=b c=d", "expected a comma at column 5"},
      {"a=b\n", "expected a comma at column 4"},
      {"!", "expected a label's name at column 2"},
      {"!a=b", "expected a comma at column 3"},
      {"a=\"b\"", "expected a comma at column 3"},
  };
  for (const auto& c : kCases) {
    const auto read = Selector::parse(c.text);
    ASSERT_FALSE(read.ok()) << c.text;
    EXPECT_NE(read.error().message.find(c.expected), std::string::npos) << read.error().message;
  }
  EXPECT_EQ(Selector::parse(std::string(1 << 20, 'a')).error().code, ErrorCode::kTooLarge);
}

TEST(Selector, CanonicalTextReadsBackAsItself) {
  const struct {
    const char* text;
    const char* canonical;
  } kCases[] = {{"", ""},
                {"b = x , a==y", "b=x,a=y"},
                {"zone in (b,a,b)", "zone in (a,b)"},
                {"zone in (a)", "zone=a"},
                {"zone in ()", "zone="},
                {"zone in (,a)", "zone in (,a)"},
                {"zone notin (a)", "zone!=a"},
                {"!a,b", "!a,b"}};
  for (const auto& c : kCases) {
    const auto read = Selector::parse(c.text);
    ASSERT_TRUE(read.ok()) << c.text << ": " << read.error().text();
    EXPECT_EQ(read->text(), c.canonical);
    const auto again = Selector::parse(read->text());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(*again, *read);
  }
}

TEST(Selector, FromLabelsIsEveryOneOfThem) {
  const Selector selector = Selector::from_labels({{"app", "edge"}, {"zone", "a"}});
  EXPECT_EQ(selector.text(), "app=edge,zone=a");
  EXPECT_TRUE(selector.matches({{"app", "edge"}, {"zone", "a"}, {"x", "y"}}));
  EXPECT_FALSE(selector.matches({{"app", "edge"}}));
  EXPECT_TRUE(Selector::from_labels({}).matches({}));
}

}  // namespace
}  // namespace edgetide::kube
