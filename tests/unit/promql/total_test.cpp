#include "promql/total.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace edgetide::promql {
namespace {

using model::Freshness;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kMax = std::numeric_limits<double>::max();

const Coverage kByZone{.domain_label = "zone", .domains = {"a", "b"}};
const Coverage kByZoneOrTotal{
    .domain_label = "zone", .domains = {"a", "b"}, .one_total_will_do = true};
const Coverage kUnsplit{.domain_label = "", .domains = {"a", "b"}};

struct Case {
  std::vector<Part> parts;
  Coverage coverage;
  Freshness freshness;
  double value;
  std::string detail;
};

class TotalOf : public testing::TestWithParam<Case> {};
TEST_P(TotalOf, IsTyped) {
  const Total sum = total(GetParam().parts, GetParam().coverage);
  EXPECT_EQ(sum.freshness, GetParam().freshness);
  EXPECT_EQ(sum.value, GetParam().value);
  EXPECT_EQ(sum.detail, GetParam().detail);
}

const Case kCases[] = {
    {{{"a", 1}, {"b", 2}}, kByZone, Freshness::kFresh, 3, ""},
    {{{"a", 0}, {"b", 0}}, kByZone, Freshness::kFresh, 0, ""},
    {{{"a", 1}, {"b", 2}, {"old", 4}}, kByZone, Freshness::kFresh, 7, ""},
    {{}, kByZone, Freshness::kMissing, 0, "no series"},
    {{{"a", 1}}, kByZone, Freshness::kPartial, 1, "no series with zone=\"b\""},
    {{{"c", 1}}, kByZone, Freshness::kPartial, 1, "no series with zone=\"a\", zone=\"b\""},
    {{{"", 3}}, kByZone, Freshness::kPartial, 3, "no series with zone=\"a\", zone=\"b\""},
    {{{"", 3}}, kByZoneOrTotal, Freshness::kFresh, 3, ""},
    {{{"", 3}, {"a", 1}}, kByZoneOrTotal, Freshness::kPartial, 4, "no series with zone=\"b\""},
    {{{"a", 1}, {"a", 2}}, kByZone, Freshness::kAmbiguous, 0, "several series with zone=\"a\""},
    {{{"", 1}, {"", 2}}, kByZoneOrTotal, Freshness::kAmbiguous, 0, "several series with zone=\"\""},
    {{{"a", 1}, {"b", kNan}},
     kByZone,
     Freshness::kInvalid,
     0,
     "zone=\"b\": NaN is not a finite number of at least 0"},
    {{{"a", kInf}},
     kByZone,
     Freshness::kInvalid,
     0,
     "zone=\"a\": +Inf is not a finite number of at least 0"},
    {{{"a", -1}, {"b", 5}},
     kByZone,
     Freshness::kInvalid,
     0,
     "zone=\"a\": -1 is not a finite number of at least 0"},
    {{{"a", kMax}, {"b", kMax}}, kByZone, Freshness::kInvalid, 0, "the sum is beyond all numbers"},
    {{{"", 5}}, kUnsplit, Freshness::kFresh, 5, ""},
    {{{"", 5}, {"", 6}}, kUnsplit, Freshness::kAmbiguous, 0, "2 series where one is expected"},
    {{{"", -5}}, kUnsplit, Freshness::kInvalid, 0, "-5 is not a finite number of at least 0"},
};
INSTANTIATE_TEST_SUITE_P(Answers, TotalOf, testing::ValuesIn(kCases));

}  // namespace
}  // namespace edgetide::promql
