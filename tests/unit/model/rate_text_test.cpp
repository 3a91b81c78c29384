#include "edgetide/model/rate_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace edgetide::model {
namespace {

TEST(RateText, HasTheUnitThatFits) {
  const std::pair<double, const char*> cases[] = {
      {0, "0 bit/s"},         {999.9, "999.9 bit/s"},  {999.96, "1 kbit/s"},
      {4.2e6, "4.2 Mbit/s"},  {999.96e6, "1 Gbit/s"},  {5.68e9, "5.68 Gbit/s"},
      {8e9, "8 Gbit/s"},      {100e9, "100 Gbit/s"},   {451.58e9, "451.6 Gbit/s"},
      {1.2e12, "1.2 Tbit/s"}, {2.5e16, "25000 Tbit/s"}};
  for (const auto& [bits, text] : cases) EXPECT_EQ(rate_text(BitsPerSecond{bits}), text);
  EXPECT_EQ(rate_text(BitsPerSecond{std::numeric_limits<double>::infinity()}), "?");
}

}  // namespace
}  // namespace edgetide::model
