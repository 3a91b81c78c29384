#include "telemetry/text_format.h"

#include <gtest/gtest.h>

#include <limits>

namespace edgetide::telemetry {
namespace {

TEST(TextFormat, AFamilyIsSaidBeforeItsFirstSampleAndOneWithoutSamplesNotAtAll) {
  TextFormat text;
  text.begin({"viewers", "Who\nis \\ there."});
  text.sample({}, 3);
  text.sample({{"zone", "a"}}, 0.5);
  text.begin({"nobody", "Has no samples."});
  text.begin({"looks_total", "Looks.", FamilyHead::Type::kCounter});
  text.sample({}, 7);
  EXPECT_EQ(text.take(),
            "# HELP viewers Who\\nis \\\\ there.\n# TYPE viewers gauge\nviewers 3\n"
            "viewers{zone=\"a\"} 0.5\n"
            "# HELP looks_total Looks.\n# TYPE looks_total counter\nlooks_total 7\n");
}

TEST(TextFormat, LabelsStandInOrderOfNameAndTheirValuesCannotForgeALine) {
  TextFormat text;
  text.begin({"x", "X."});
  text.sample({{"namespace", "n"}, {"pool", "p\"} 1\n\\"}}, {{"action", "a"}, {"result", "r"}}, 1);
  EXPECT_TRUE(text.take().ends_with(
      "x{action=\"a\",namespace=\"n\",pool=\"p\\\"} 1\\n\\\\\",result=\"r\"} 1\n"));
}

TEST(TextFormat, NumbersAreReadAsTheyWere) {
  TextFormat text;
  text.begin({"x", "X."});
  for (const double value :
       {0.1, 1764396869.0, std::numeric_limits<double>::quiet_NaN(),
        std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()})
    text.sample({}, value);
  EXPECT_TRUE(text.take().ends_with("x 0.1\nx 1764396869\nx NaN\nx +Inf\nx -Inf\n"));
}

}  // namespace
}  // namespace edgetide::telemetry
