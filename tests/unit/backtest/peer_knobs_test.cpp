#include <gtest/gtest.h>

#include <array>
#include <numbers>

#include "unit/backtest/record.h"

namespace edgetide::backtest {
namespace {

using std::chrono::minutes;

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

/// Ten days of which no two are alike, with shows that were announced, steps, and a silence.
Backtest restless_days() {
  std::vector<double> demand;
  std::vector<model::StreamEvent> shows;
  for (int minute = 0; minute < 10 * 1440; ++minute) {
    const int day = minute / 1440;
    const int of_day = minute % 1440;
    double viewers = 300 + 200 * std::sin(minute * 2 * std::numbers::pi / 1440) + 37 * (minute % 3);
    if (of_day >= 700 && of_day < 800) viewers += 900 + 100 * (day * 7 % 10);
    if (day == 0) viewers *= 2;
    if (of_day >= 100 && of_day < 104) viewers *= 3;
    if (day >= 8 && of_day >= 400 && of_day < 440) viewers = std::nan("");
    demand.push_back(viewers);
    if (of_day == 720)
      shows.push_back({.name = "show-" + std::to_string(day),
                       .event_class = "show",
                       .start = kEvening + minutes{minute},
                       .duration = minutes{60}});
  }
  return Backtest(demand, shows);
}

/// What a knob takes to matter: of an HPA's rules the larger one counts, panic has to come.
std::vector<std::string> settings_for(const std::string& kind) {
  std::vector<std::string> all{kind};
  const auto& knobs = std::ranges::find(policy_kinds(), kind, &PolicyKind::name)->knobs;
  if (std::ranges::find(knobs, "downpods", &Knob::name) != knobs.end())
    all.insert(all.end(), {kind + ":downwindow=0:downpercent=5", kind + ":uppercent=5"});
  if (kind == "keda") all.emplace_back("keda:fallback=400");
  if (kind == "kpa") all.emplace_back("kpa:window=600:panic=110");
  return all;
}

TEST(PeerKnobs, ChangeDecisionsEachOfThem) {
  const Backtest record = restless_days();
  const Instant from = kEvening + std::chrono::days{8};
  std::size_t tried = 0;
  for (const PolicyKind& kind : policy_kinds()) {
    const auto bases = settings_for(kind.name);
    for (const Knob& knob : kind.knobs) {
      const auto matters = [&](const std::string& base) {
        if (base.find(":" + knob.name + "=") != std::string::npos) return false;
        const auto without = record.decisions(base, from);
        return std::ranges::any_of(std::array{knob.least, knob.most}, [&](double value) {
          const auto with = parse_policies(base + ":" + knob.name + "=" + std::to_string(value));
          return record.decisions(with->front().text(), from) != without;
        });
      };
      EXPECT_TRUE(std::ranges::any_of(bases, matters)) << kind.name << ":" << knob.name;
      ++tried;
    }
  }
  EXPECT_GT(tried, 70U);
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
