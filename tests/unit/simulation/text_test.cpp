#include "simulation/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace edgetide::simulation {
namespace {

TEST(Numbers, AreWrittenForPeople) {
  EXPECT_EQ(fixed(12.345, 1), "12.3");
  EXPECT_EQ(fixed(-0.5, 2), "-0.50");
  EXPECT_EQ(fixed(std::numeric_limits<double>::quiet_NaN(), 1), "?");
  EXPECT_EQ(fixed(1e300, 0).size(), 301u);
  EXPECT_EQ(percent(Ratio{0}), "0.0 %");
  EXPECT_EQ(percent(Ratio{.0004}), "<0.1 %");
  EXPECT_EQ(percent(Ratio{.034}), "3.4 %");
}

TEST(Columns, AreCodePoints) {
  EXPECT_EQ(columns_of("zone-ä"), 6u);
  EXPECT_EQ(columns_of("⣿⣿"), 2u);
  EXPECT_EQ(shortened("zone-ä", 6), "zone-ä");
  EXPECT_EQ(shortened("ääää", 3), "ää…");
  EXPECT_EQ(shortened("anything", 0), "");
  EXPECT_EQ(right_aligned("ä", 3), "  ä");
  EXPECT_EQ(left_aligned("ä", 3), "ä  ");
  EXPECT_EQ(left_aligned("longer", 3), "longer");
}

TEST(Wrapped, BreaksAtSpacesAndEndsInTime) {
  const std::vector<std::string> two{"one two", "three"};
  EXPECT_EQ(wrapped("one two three", 8, 3), two);
  const std::vector<std::string> cut{"one two", "three f…"};
  EXPECT_EQ(wrapped("one two three four five", 8, 2), cut);
  const std::vector<std::string> unbreakable{"abcd", "ef"};
  EXPECT_EQ(wrapped("abcdef", 4, 3), unbreakable);
  EXPECT_TRUE(wrapped("", 8, 3).empty());
  EXPECT_TRUE(wrapped("text", 8, 0).empty());
}

}  // namespace
}  // namespace edgetide::simulation
