#include "edgetide/core/grouped.h"

#include <gtest/gtest.h>

#include <limits>

namespace edgetide {
namespace {

TEST(Grouped, SeparatesThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999.4), "999");
  EXPECT_EQ(grouped(1'234'567.6), "1,234,568");
  EXPECT_EQ(grouped(-1000), "-1,000");
  EXPECT_EQ(grouped(-0.4), "0");
  EXPECT_EQ(grouped(-0.5), "0");
  EXPECT_EQ(grouped(std::numeric_limits<double>::max()).size(), 309u + 102);
  EXPECT_EQ(grouped(std::numeric_limits<double>::infinity()), "?");
}

}  // namespace
}  // namespace edgetide
