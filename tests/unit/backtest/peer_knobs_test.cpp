#include <gtest/gtest.h>

#include "unit/backtest/record.h"

namespace edgetide::backtest {
namespace {

TEST(HpaKnobs, AreThoseOfItsBehavior) {
  const Backtest evening({60, 65, 80, 80, 40, 40, 40, 40, 40, 40});
  const auto first = [&](const char* policy, std::size_t count) {
    auto decisions = evening.decisions(policy);
    decisions.resize(count);
    return decisions;
  };
  EXPECT_EQ(first("hpa:tolerance=0", 4), (std::vector{10, 10, 11, 14}));
  EXPECT_EQ(first("hpa:downwindow=0", 6), (std::vector{10, 10, 10, 14, 14, 7}));
  EXPECT_EQ(first("hpa:upwindow=60", 5), (std::vector{10, 10, 10, 14, 14}));
  EXPECT_EQ(first("hpa:upwindow=120", 5), (std::vector{10, 10, 10, 10, 14}));
  EXPECT_EQ(first("hpa:uppercent=0:uppods=1:upperiod=60", 6),
            (std::vector{10, 10, 10, 11, 12, 12}));
  EXPECT_EQ(first("hpa:downwindow=0:downpercent=10:downperiod=60", 10),
            (std::vector{10, 10, 10, 14, 14, 12, 10, 9, 8, 7}));
  EXPECT_EQ(first("hpa:downwindow=0:downpercent=0:downpods=2:downperiod=120", 10),
            (std::vector{10, 10, 10, 14, 14, 12, 12, 10, 10, 8}));
  EXPECT_EQ(first("hpa:downwindow=0:sync=300", 6), (std::vector{10, 10, 10, 10, 10, 7}));
}

TEST(PeerKnobs, DoWhatTheOriginalsDo) {
  EXPECT_EQ(Backtest({100, 300, 100, 100, 100}).decisions("kpa:target=1:panic=1000"),
            (std::vector{10, 10, 20, 20, 10}));
  EXPECT_EQ(Backtest({100, 130, 130, 130, 130}).decisions("kpa:target=1:window=120"),
            (std::vector{10, 10, 11, 12, 13}));
  const Backtest surging({100, 140, 140, 140, 140, 140, 140, 140, 100, 100, 100});
  EXPECT_EQ(surging.decisions("surge:hold=1")[9], 14);
  const Backtest days(days_with_an_hour_of_many(4));
  const Instant from = kEvening + std::chrono::days{3};
  EXPECT_EQ(days.decisions("cloud:scales=0", from)[720 - 5], 10);
  EXPECT_GT(days.decisions("cloud:buffer=10", from)[720 - 10], 90);
  EXPECT_EQ(days.decisions("schedule:from=8:to=9", from)[720], 60);
  EXPECT_EQ(days.decisions("schedule:from=8:to=9", from)[4 * 60], 6);
  EXPECT_EQ(days.decisions("lastweek:back=1:early=60:factor=0.5", from)[720 - 60], 50);
  EXPECT_NE(days.decisions("phpa:gamma=0", from), days.decisions("phpa", from));
  std::vector<double> gap(60, 60.0);
  std::fill(gap.begin() + 20, gap.begin() + 40, std::nan(""));
  EXPECT_EQ(Backtest(gap).decisions("keda:fallback=25:failures=60")[35], 10);
  EXPECT_EQ(Backtest(gap).decisions("keda:fallback=25:failures=60:poll=1")[35], 25);
}

TEST(PeerKnobs, AtTheirUsualValuesChangeNothingAndRunAtTheirEnds) {
  const Backtest record(days_with_an_hour_of_many(3));
  const Instant from = kEvening + std::chrono::days{2};
  for (const PolicyKind& kind : policy_kinds()) {
    if (kind.name == "edgetide" || kind.name == "forecast") continue;
    const auto usual = record.decisions(kind.name, from);
    for (const Knob& knob : kind.knobs) {
      const auto at = [&](double value) {
        const PolicyChoice choice{.kind = &kind, .knobs = {{knob.name, value}}};
        return record.decisions(choice.text(), from);
      };
      EXPECT_EQ(at(*knob.usual), usual) << kind.name << ":" << knob.name;
      for (const double end : {knob.least, knob.most})
        EXPECT_EQ(at(end).size(), usual.size()) << kind.name << ":" << knob.name << "=" << end;
    }
  }
}

}  // namespace
}  // namespace edgetide::backtest
