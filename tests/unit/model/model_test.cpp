#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "edgetide/model/demand_history.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::model {
namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }
DemandSample sample(int second, double viewers) {
  return {Instant{Seconds{second}}, Viewers{viewers}};
}

TEST(DemandHistory, SortsKeepsTheLastOfADoubleAndDropsWhatIsNoDemand) {
  const DemandHistory history({sample(30, 3), sample(10, 1), sample(30, 4), sample(20, NAN),
                               sample(40, -1), sample(50, INFINITY), sample(60, 0)});
  EXPECT_EQ(std::vector(history.samples().begin(), history.samples().end()),
            (std::vector{sample(10, 1), sample(30, 4), sample(60, 0)}));
}

TEST(DemandHistory, AppendsOnlyWhatIsNewerAndANumber) {
  DemandHistory history;
  EXPECT_TRUE(history.append(sample(10, 1)));
  EXPECT_FALSE(history.append(sample(10, 2)));
  EXPECT_FALSE(history.append(sample(9, 2)));
  EXPECT_FALSE(history.append(sample(20, std::numeric_limits<double>::quiet_NaN())));
  EXPECT_FALSE(history.append(sample(20, -0.5)));
  EXPECT_TRUE(history.append(sample(20, 0)));
  EXPECT_EQ(history.samples().size(), 2u);
}

TEST(StreamEvent, HasTheRampAndOverrunThatItSaysElseThoseOfItsClassElseTheUsual) {
  const EventClass brief{.name = "brief", .ramp_up = Seconds{15 * 60}, .overrun = Seconds{0}};
  const auto lengths = [](StreamEvent event, const std::vector<EventClass>& classes) {
    event.follow(known_class("brief", classes), 1);
    return std::pair{event.start - event.ramp_start(), event.overrun_end() - event.end()};
  };
  using Lengths = std::pair<Seconds, Seconds>;
  EXPECT_EQ(lengths({}, {brief}), Lengths(15 * 60, 0));
  EXPECT_EQ(lengths({.ramp_up = Seconds{5 * 60}, .overrun = Seconds{90 * 60}}, {brief}),
            Lengths(5 * 60, 90 * 60));
  EXPECT_EQ(lengths({}, {{.name = "brief"}}), Lengths(45 * 60, 60 * 60));
  EXPECT_EQ(lengths({}, {}), Lengths(45 * 60, 60 * 60));
}

TEST(EventCalendar, FindsWhatRampRunOrOverrunTouchesByStart) {
  const StreamEvent late{
      .name = "late", .start = at("2026-06-01T20:00:00Z"), .duration = Seconds{3600}};
  const StreamEvent early{
      .name = "early", .start = at("2026-06-01T18:00:00Z"), .duration = Seconds{3600}};
  const EventCalendar calendar({late, early});

  const auto names = [&](std::string_view from, std::string_view to) {
    std::vector<std::string> found;
    for (const StreamEvent* event : calendar.touching(at(from), at(to)))
      found.push_back(event->name);
    return found;
  };
  using Names = std::vector<std::string>;
  // Ramps begin 45 minutes before the start, overruns end an hour after the end.
  EXPECT_EQ(names("2026-06-01T17:00:00Z", "2026-06-01T17:14:59Z"), Names{});
  EXPECT_EQ(names("2026-06-01T17:00:00Z", "2026-06-01T17:15:00Z"), Names{"early"});
  EXPECT_EQ(names("2026-06-01T20:00:00Z", "2026-06-01T20:00:00Z"), (Names{"early", "late"}));
  EXPECT_EQ(names("2026-06-01T20:00:01Z", "2026-06-01T23:00:00Z"), Names{"late"});
  EXPECT_EQ(names("2026-06-01T22:00:01Z", "2026-06-01T23:00:00Z"), Names{});
}

TEST(EventCalendar, FindsTheSameAsLookingAtEveryEvent) {
  std::vector<StreamEvent> events;
  std::uint32_t chance = 1;
  const auto any = [&](int below) {
    chance = chance * 1664525U + 1013904223U;
    return static_cast<int>((chance >> 8) % static_cast<unsigned>(below));
  };
  const Instant begin = at("2026-06-01T00:00:00Z");
  for (int i = 0; i < 300; ++i) {
    events.push_back({.name = std::to_string(i),
                      .start = begin + Seconds{any(500'000)},
                      .duration = Seconds{any(10) == 0 ? any(300'000) : any(9'000)},
                      .ramp_up = Seconds{any(20'000)},
                      .overrun = Seconds{any(5'000)}});
  }
  const EventCalendar calendar(events);
  for (int i = 0; i < 500; ++i) {
    const Instant from = begin + Seconds{any(700'000) - 100'000};
    const Instant to = from + Seconds{any(10'000)};
    EventPointers expected;
    for (const StreamEvent& event : calendar.events()) {
      if (event.ramp_start() <= to && event.overrun_end() >= from) expected.push_back(&event);
    }
    ASSERT_EQ(calendar.touching(from, to), expected) << i;
  }
}

TEST(UtcOffsets, HoldFromTheirChangeOn) {
  const Instant change = at("2026-03-29T01:00:00Z");
  const UtcOffsets paris({{at("2025-10-26T01:00:00Z"), Seconds{3600}}, {change, Seconds{7200}}});
  EXPECT_EQ(paris.offset_at(at("2020-01-01T00:00:00Z")), Seconds{3600});
  EXPECT_EQ(paris.offset_at(change - Seconds{1}), Seconds{3600});
  EXPECT_EQ(paris.offset_at(change), Seconds{7200});
  EXPECT_EQ(UtcOffsets{}.offset_at(change), Seconds{0});
}

TEST(UtcOffsets, WeekBeginsOnMondayOfTheWallClock) {
  EXPECT_EQ(UtcOffsets{}.local_time_of_week(at("2026-06-01T00:00:00Z")), Seconds{0});
  EXPECT_EQ(UtcOffsets{}.local_time_of_week(at("2026-05-31T23:59:59Z")), Seconds{604799});
  const UtcOffsets east({{at("2026-01-01T00:00:00Z"), Seconds{3600}}});
  EXPECT_EQ(east.local_time_of_week(at("2026-05-31T23:30:00Z")), Seconds{1800});
  const UtcOffsets west({{at("1970-01-01T00:00:00Z"), Seconds{-5 * 3600}}});
  EXPECT_EQ(west.local_time_of_week(at("1970-01-01T00:00:00Z")), Seconds{2 * 86400 + 19 * 3600});
}

TEST(Observation, CountsOnlyWhatIsKnown) {
  Observation observation;
  observation.domains = {
      {.name = "a", .known = true, .specified = Replicas{4}, .ready = Replicas{3}},
      {.name = "b", .known = true, .specified = Replicas{2}, .ready = Replicas{2}}};
  EXPECT_EQ(total_specified(observation), Replicas{6});
  EXPECT_EQ(total_ready(observation), Replicas{5});
  EXPECT_TRUE(all_domains_known(observation));
  observation.domains[1].known = false;
  EXPECT_EQ(total_specified(observation), Replicas{4});
  EXPECT_FALSE(all_domains_known(observation));
}

TEST(ScalingPlan, AddsUpItsDomains) {
  const ScalingPlan plan{
      .domains = {{"a", Replicas{1}, Replicas{4}}, {"b", Replicas{2}, Replicas{1}}}};
  EXPECT_EQ(plan.total_from(), Replicas{3});
  EXPECT_EQ(plan.total_to(), Replicas{5});
}

TEST(PlanReport, FindsAConditionByType) {
  PlanReport report;
  report.conditions = {{.type = "AbleToScale"}, {.type = "DemandFresh", .reason = "DemandStale"}};
  EXPECT_EQ(condition(report, "DemandFresh").reason, "DemandStale");
  EXPECT_DEATH((void)condition(report, "Nonsense"), "no condition of that type");
}

TEST(Names, AreThoseOfTheApi) {
  EXPECT_EQ(to_string(Mode::kDryRun), "DryRun");
  EXPECT_EQ(to_string(Survive::kFailureDomain), "FailureDomain");
  EXPECT_EQ(to_string(OnMissingDemand::kRaiseToForecast), "RaiseToForecast");
  EXPECT_EQ(to_string(Freshness::kAmbiguous), "Ambiguous");
  EXPECT_EQ(to_string(ForecastStage::kWeekly), "Weekly");
  EXPECT_EQ(to_string(Resource::kEgress), "egress");
  EXPECT_EQ(to_string(SizingBasis::kEvent), "Event");
  EXPECT_EQ(to_string(Action::kScaleUp), "ScaleUp");
  EXPECT_EQ(to_string(ConditionStatus::kUnknown), "Unknown");
}

}  // namespace
}  // namespace edgetide::model
