#include "edgetide/planning/plan.h"

#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "planning/peaks.h"
#include "support/pools.h"

namespace edgetide::planning {
namespace {

using namespace testing_support;
using testing::HasSubstr;
namespace reason = model::reason;

/// A pool, its world and its memory; peaks are given, so that no forecast has to be learned.
struct Scene {
  model::EdgePool pool = three_domains();
  model::Observation observation = observed(pool, {10, 10, 10}, fresh(10'000));
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  model::EventCalendar calendar;
  double to_rise = 10'000;
  double to_fall = 10'000;
  model::ForecastStage stage = model::ForecastStage::kWeekly;
  model::Forecaster outweighed_by = model::Forecaster::kEdgetide;

  [[nodiscard]] PlanResult plan(Instant now = kEvening) const {
    const auto peak = [&](double viewers, Seconds length) {
      return model::WindowPeak{.stage = stage,
                               .median = Viewers{viewers * 0.9},
                               .quantile = Viewers{viewers},
                               .at = now + length / 2,
                               .window_end = now + length,
                               .outweighed_by = outweighed_by};
    };
    return plan_for(
        {.pool = pool,
         .observation = observation,
         .forecast_state = {},
         .calendar = calendar,
         .offsets = {},
         .memory = memory},
        {.to_rise = peak(to_rise, Seconds{315}), .to_fall = peak(to_fall, Seconds{600})}, now);
  }
};

std::vector<int> desired(const PlanResult& result) {
  std::vector<int> counts;
  for (const auto& domain : result.report.plan.domains) counts.push_back(domain.to.count());
  return counts;
}

std::string status_of(const PlanResult& result, const char* type) {
  return std::string(model::to_string(model::condition(result.report, type).status));
}

TEST(Plan, RisesToThePeakWithADomainLost) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;  // 40 serving, 20 in each of the two that are left
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{20, 20, 20}));
  EXPECT_EQ(result.report.plan.action, model::Action::kScaleUp);
  EXPECT_EQ(result.report.sizing.serving, Replicas{40});
  EXPECT_EQ(result.report.sizing.basis, model::SizingBasis::kForecast);
  EXPECT_TRUE(result.report.violations.empty());
}

TEST(Plan, FallsOnlyToWhatTwoLeadTimesNeed) {
  Scene scene;
  scene.observation.demand.viewers.value = 6'000;
  scene.to_rise = 6'000;   // 8 serving, 4 each
  scene.to_fall = 10'500;  // 14 serving, 7 each
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{10, 10, 7}));  // the others follow
  ASSERT_FALSE(result.report.verdicts.empty());
  EXPECT_EQ(result.report.verdicts.front().reason, reason::kPeakWithinTwoLeadTimes);
}

/// With long lead times, what comes much later can still be ordered in time.
TEST(Plan, LooksFiveMinutesBeyondTheLeadTimeAtMostBeforeItFalls) {
  struct Case {
    Seconds lead;
    Seconds farther;
  };
  for (const auto& [lead, farther] :
       {Case{Seconds{10}, Seconds{25}}, Case{Seconds{120}, Seconds{240}},
        Case{Seconds{300}, Seconds{600}}, Case{Seconds{1800}, Seconds{2100}}}) {
    Scene scene;
    scene.pool.lead_time = lead;
    const auto peaks = forecast_peaks({.pool = scene.pool,
                                       .observation = scene.observation,
                                       .forecast_state = {},
                                       .calendar = scene.calendar,
                                       .offsets = {},
                                       .memory = scene.memory},
                                      kEvening);
    EXPECT_EQ(peaks.to_rise.window_end, kEvening + lead + Seconds{15});
    EXPECT_EQ(peaks.to_fall.window_end, kEvening + farther) << lead.count();
  }
}

TEST(Plan, NeverPlansForLessThanIsThereNow) {
  Scene scene;
  scene.to_rise = scene.to_fall = 1'000;
  scene.observation.demand.viewers.value = 15'000;  // 20 serving, 10 each
  EXPECT_EQ(desired(scene.plan()), (std::vector{10, 10, 10}));
  EXPECT_EQ(scene.plan().report.sizing.basis, model::SizingBasis::kDemand);
}

TEST(Plan, TheBindingResourceDecides) {
  Scene scene;
  scene.to_rise = scene.to_fall = 20'000;
  scene.pool.capacity.egress = BitsPerSecond{4e9};
  scene.observation.demand.egress = fresh(60e9);  // 6 Mbit/s a viewer, 120 Gbit/s at the peak
  const auto result = scene.plan();
  EXPECT_EQ(result.report.sizing.binding, model::Resource::kEgress);
  EXPECT_EQ(result.report.sizing.serving, Replicas{40});  // 120 / (4 x 0.75)
}

TEST(Plan, AReadingThatLeavesAPartOutRaisesAndNeverLowers) {
  Scene scene;
  scene.to_rise = scene.to_fall = 20'000;
  scene.pool.capacity.egress = BitsPerSecond{4e9};
  scene.observation.demand.egress = fresh(60e9);
  const auto whole = desired(scene.plan());
  scene.observation.demand.egress->freshness = model::Freshness::kPartial;
  EXPECT_EQ(desired(scene.plan()), whole);
  scene.observation.demand.egress->value = 1e9;
  const auto result = scene.plan();
  EXPECT_GE(result.report.plan.total_to(), model::total_specified(scene.observation));
}

/// 240 are needed by and by, where 40 a minute may be ordered: from 40 on in five steps.
TEST(Plan, BeginsARiseOfManyStepsEarlyEnoughForTheLast) {
  Scene scene;
  scene.pool.pacing = {.step = Replicas{40}, .interval = Seconds{60}};
  scene.pool.replicas.max = Replicas{400};
  for (auto& domain : scene.pool.domains) domain.max_replicas = Replicas{140};
  const auto peak = [&](double viewers) {
    return model::WindowPeak{.stage = scene.stage,
                             .median = Viewers{viewers},
                             .quantile = Viewers{viewers},
                             .at = kEvening,
                             .window_end = kEvening + Seconds{900}};
  };
  const auto decide = [&](Seconds reached_by) {
    return plan_for({.pool = scene.pool,
                     .observation = scene.observation,
                     .forecast_state = {},
                     .calendar = scene.calendar,
                     .offsets = {},
                     .memory = scene.memory},
                    {.to_rise = peak(10'000),
                     .to_fall = peak(10'000),
                     .to_ramp = {{reached_by, peak(120'000)}}},  // 160 survive of 240
                    kEvening)
        .report;
  };
  EXPECT_LE(decide(Seconds{360}).plan.total_to(), Replicas{30});  // 40 a minute will do later
  const auto report = decide(Seconds{300});
  EXPECT_EQ(report.plan.total_to(), Replicas{40});
  EXPECT_EQ(report.verdicts.front().reason, reason::kRampBegun);
  EXPECT_THAT(report.summary, HasSubstr("up to 240 replicas are needed by"));
  EXPECT_FALSE(report.shortfall);
  EXPECT_EQ(decide(Seconds{60}).plan.total_to(), Replicas{70});  // 200 would have to stand
}

TEST(Plan, ARiseThatComesTooLateForItsStepsIsAShortfall) {
  Scene scene;
  scene.pool.pacing = {.step = Replicas{6}, .interval = Seconds{60}};
  scene.to_rise = scene.to_fall = 30'000;  // 60
  const auto report = scene.plan().report;
  EXPECT_EQ(report.plan.total_to(), Replicas{36});
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kPaceOfSteps);
  EXPECT_EQ(report.shortfall->required, Replicas{60});
  EXPECT_EQ(report.shortfall->granted, Replicas{36});
}

TEST(Plan, ColdCachesAreNoReserve) {
  Scene scene;
  scene.to_rise = scene.to_fall = 15'000;
  scene.observation.demand.viewers.value = 15'000;  // 20 serving, 10 each
  EXPECT_EQ(status_of(scene.plan(), "RedundancyMet"), "True");
  scene.observation.domains[2].cold = Replicas{3};
  const auto report = scene.plan().report;
  EXPECT_EQ(status_of(scene.plan(), "RedundancyMet"), "False");
  EXPECT_EQ(report.reserve_missing, fleet({0, 0, 3}));
}

TEST(Plan, ALoneDomainIsSaidToHaveNothingToFallBackOn) {
  Scene scene;
  scene.pool.domains.resize(1);
  scene.observation = observed(scene.pool, {30}, fresh(10'000));
  const auto whole = scene.plan().report;
  ASSERT_TRUE(whole.shortfall);
  EXPECT_THAT(whole.summary, HasSubstr("NOT REDUNDANT: domain a is the only one that can serve, "
                                       "so its loss would cut off every viewer; add a second"));
  scene.pool.domains[0].max_replicas = Replicas{5};
  const auto full = scene.plan().report;
  EXPECT_THAT(full.shortfall->detail, HasSubstr("every viewer, and it holds no more than 5; add"));
}

/// Players that stopped telling of themselves still load the servers.
TEST(Plan, WhatIsMeasuredIsPreparedForEvenWithoutViewers) {
  Scene scene;
  scene.to_rise = scene.to_fall = 0;
  scene.observation.demand.viewers.value = 0;
  scene.pool.capacity.egress = BitsPerSecond{4e9};
  scene.observation.demand.egress = fresh(60e9);  // 20 replicas of 3 Gbit/s
  EXPECT_EQ(desired(scene.plan()), (std::vector{10, 10, 10}));
}

TEST(Plan, AnEventsMinimumIsAHardFloorWhileItIsNear) {
  Scene scene;
  const auto event = [&](Instant start) {
    return model::StreamEvent{.name = "video/final",
                              .start = start,
                              .duration = Seconds{3600},
                              .minimum_replicas = Replicas{60},
                              .ramp_up = Seconds{0}};
  };
  scene.calendar = model::EventCalendar({event(kEvening + Seconds{310})});
  EXPECT_EQ(desired(scene.plan()), (std::vector{20, 20, 20}));
  EXPECT_EQ(scene.plan().report.sizing.basis, model::SizingBasis::kEvent);
  scene.calendar = model::EventCalendar({event(kEvening + Seconds{330})});
  EXPECT_LT(scene.plan().report.plan.total_to(), Replicas{60});
}

TEST(Plan, AMaximumIsAShortfallAndNeverASilentClip) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.pool.replicas.max = Replicas{45};
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{15, 15, 15}));
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->required, Replicas{60});
  EXPECT_EQ(result.report.shortfall->granted, Replicas{45});
  EXPECT_EQ(result.report.shortfall->cause, reason::kMaximumReached);
  EXPECT_THAT(result.report.shortfall->detail, HasSubstr("raise it to 60"));
  EXPECT_EQ(status_of(result, "CapacityShortfall"), "True");
}

TEST(Plan, WhatIsOrderedAndFindsNoRoomIsAShortfallAndIsOrderedForAllThat) {
  struct Case {
    const char* cause;
    int granted;
    model::Room room;
    const char* words;
  };
  const std::vector<Case> cases{
      {reason::kQuotaReached, 42, {.quota = {{Replicas{42}, "ResourceQuota edge"}}}, "18 replicas"},
      {reason::kNodesFull,
       50,
       {.on_nodes = {Replicas{10}, std::nullopt, Replicas{30}}},
       "no node takes in 10 of a"},
      {reason::kNodesFull, 50, {.nodes = {{Replicas{50}, ""}}}, "the nodes hold 50"},
  };
  for (const auto& [cause, granted, room, words] : cases) {
    Scene scene;
    scene.to_rise = scene.to_fall = 30'000;
    scene.observation.room = room;
    const auto result = scene.plan();
    EXPECT_EQ(desired(result), (std::vector{20, 20, 20}));
    ASSERT_TRUE(result.report.shortfall);
    EXPECT_EQ(result.report.shortfall->required, Replicas{60});
    EXPECT_EQ(result.report.shortfall->granted, Replicas{granted});
    EXPECT_EQ(result.report.shortfall->cause, cause);
    EXPECT_THAT(result.report.shortfall->detail, HasSubstr(words));
  }
}

TEST(Plan, RoomThatIsNotNeededIsNoShortfall) {
  Scene scene;  // 30 stand, where 21 are needed
  scene.observation.room = {.quota = {{Replicas{25}, "ResourceQuota edge"}}};
  EXPECT_FALSE(scene.plan().report.shortfall);
  scene.observation.room = {.unknown = "room on the nodes is not known"};
  scene.to_rise = scene.to_fall = 30'000;
  EXPECT_FALSE(scene.plan().report.shortfall);
}

TEST(Plan, WhatTheSchedulerFindsNoNodeForIsAShortfallAfterALeadTime) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.observation = observed(scene.pool, {20, 20, 20}, fresh(10'000));
  scene.observation.domains[1].ready = Replicas{14};
  scene.observation.domains[1].starting = Replicas{6};
  scene.observation.domains[1].unschedulable = {
      .replicas = Replicas{6}, .since = kEvening - Seconds{60}, .detail = "0/9 nodes: cpu"};
  EXPECT_FALSE(scene.plan().report.shortfall);
  const auto result = scene.plan(kEvening + Seconds{300});
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->cause, reason::kNodesFull);
  EXPECT_EQ(result.report.shortfall->granted, Replicas{54});
  EXPECT_EQ(result.report.shortfall->detail,
            "no node takes in 6 of b; the scheduler says: 0/9 nodes: cpu");
  scene.observation.domains[1].ready = Replicas{20};  // what waits is one more of a rollout
  EXPECT_FALSE(scene.plan(kEvening + Seconds{300}).report.shortfall);
}

TEST(Plan, APauseThatLeavesTooFewIsAShortfall) {
  Scene scene;
  scene.to_rise = scene.to_fall = 30'000;
  scene.pool.pause = {.until = kEvening + Seconds{3600}, .replicas = std::nullopt};
  const auto held = scene.plan();
  EXPECT_EQ(desired(held), (std::vector{10, 10, 10}));
  ASSERT_TRUE(held.report.shortfall);
  EXPECT_EQ(held.report.shortfall->cause, reason::kPaused);
  EXPECT_THAT(held.report.summary, HasSubstr("paused until"));
  EXPECT_EQ(status_of(held, "Paused"), "True");
  EXPECT_EQ(desired(scene.plan(kEvening + Seconds{3600})), (std::vector{20, 20, 20}));
  scene.pool.pause.reset();
  scene.pool.pause_problem = "'soon' is not a time";
  EXPECT_EQ(status_of(scene.plan(), "Paused"), "Unknown");
}

TEST(Plan, AFleetAboveItsMaximumComesDownByOrdinaryScaleDown) {
  Scene scene;
  scene.pool.replicas.max = Replicas{12};
  scene.memory.recommendations = {{kEvening - Seconds{60}, fleet({10, 10, 10})}};
  EXPECT_EQ(desired(scene.plan()), (std::vector{10, 10, 10}));  // stabilizing
  scene.memory.recommendations.clear();
  EXPECT_EQ(desired(scene.plan()), (std::vector{10, 10, 4}));
}

TEST(Plan, NothingKnownHoldsAndSaysSo) {
  Scene scene;
  scene.stage = model::ForecastStage::kNone;
  scene.observation.demand.viewers = {.freshness = model::Freshness::kMissing,
                                      .detail = "no series"};
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{10, 10, 10}));
  EXPECT_EQ(result.report.sizing.basis, model::SizingBasis::kHold);
  EXPECT_EQ(status_of(result, "ScalingActive"), "False");
  EXPECT_EQ(status_of(result, "RedundancyMet"), "Unknown");
}

TEST(Plan, FirstNumbersRaiseAndLowerNothing) {
  Scene scene;
  scene.stage = model::ForecastStage::kNone;
  scene.to_rise = scene.to_fall = 30'000;
  const auto raised = scene.plan();
  EXPECT_EQ(desired(raised), (std::vector{20, 20, 20}));
  EXPECT_EQ(raised.report.sizing.basis, model::SizingBasis::kForecast);
  scene.observation = observed(scene.pool, {40, 40, 40}, fresh(10'000));
  EXPECT_EQ(desired(scene.plan()), (std::vector{40, 40, 40}));
}

TEST(Plan, WithoutReadinessTheGuaranteeIsNotMet) {
  Scene scene;  // 10,000 viewers: 14 must be left
  EXPECT_EQ(status_of(scene.plan(), "RedundancyMet"), "True");
  for (auto& domain : scene.observation.domains) domain.ready = Replicas{6};
  const auto result = scene.plan();
  EXPECT_EQ(status_of(result, "RedundancyMet"), "False");
  // 6 + 6 are left of 14; 7 in each would do.
  EXPECT_THAT(model::condition(result.report, "RedundancyMet").message,
              HasSubstr("; missing: a 1, b 1, c 1"));
  EXPECT_EQ(result.report.reserve_missing, fleet({1, 1, 1}));
  EXPECT_EQ(result.report.spare_viewers, std::vector(3, Viewers{0}));
}

TEST(Plan, ASkewedSpreadEatsIntoTheReserve) {
  Scene scene;  // 10,000 viewers: 14 must be left
  scene.observation = observed(scene.pool, {15, 6, 6}, fresh(10'000));
  const auto result = scene.plan();
  EXPECT_EQ(status_of(result, "RedundancyMet"), "False");
  EXPECT_EQ(result.report.reserve_missing, fleet({0, 1, 1}));
}

TEST(Plan, WhatIsStartingIsNoReserve) {
  Scene scene;
  for (auto& domain : scene.observation.domains) {
    domain.ready = Replicas{6};
    domain.starting = Replicas{4};
  }
  EXPECT_EQ(scene.plan().report.reserve_missing, fleet({1, 1, 1}));
}

TEST(Plan, WhatIsNotKnownHasNoNumbers) {
  Scene scene;
  scene.observation.domains[1].known = false;
  const auto report = scene.plan().report;
  EXPECT_TRUE(report.reserve_missing.empty());
  EXPECT_TRUE(report.spare_viewers.empty());
}

TEST(Plan, ARestartRemembersNothingAndLowersNothing) {
  Scene scene;
  scene.to_rise = scene.to_fall = 1'000;
  scene.observation.demand.viewers.value = 1'000;
  scene.memory = {};
  const auto first = scene.plan();
  EXPECT_EQ(desired(first), (std::vector{10, 10, 10}));
  scene.memory = first.memory;
  EXPECT_EQ(desired(scene.plan(kEvening + Seconds{119})), (std::vector{10, 10, 10}));
}

// What a clock that was set back has remembered is still to come: it holds as a restart does, and
// no longer.
TEST(Plan, AClockThatIsSetBackHoldsForAWindowAndNotUntilItCatchesUp) {
  Scene scene;
  scene.observation.demand.viewers.value = 6'000;
  scene.to_rise = scene.to_fall = 6'000;
  const std::vector held{10, 10, 10};
  const Instant ahead = kEvening + Seconds{86'400};
  scene.memory.since = ahead - Seconds{300};
  scene.memory.recommendations = {{ahead, fleet({10, 10, 10})}};
  scene.memory.scale_events = {{ahead, -3}};
  auto result = scene.plan();
  EXPECT_EQ(desired(result), held);
  scene.memory = result.memory;
  result = scene.plan(kEvening + Seconds{119});
  EXPECT_EQ(desired(result), held);
  scene.memory = result.memory;
  EXPECT_LT(scene.plan(kEvening + Seconds{121}).report.plan.total_to(), Replicas{30});
}

TEST(Plan, AForeignLoweringIsRaisedBackUntilItIsAFight) {
  Scene scene;
  scene.to_rise = scene.to_fall = 15'000;
  Instant now = kEvening;
  for (int attempt = 1; attempt <= 3; ++attempt, now += Seconds{30}) {
    scene.observation = observed(scene.pool, {1, 10, 10}, fresh(10'000, now));
    scene.memory.ordered = {Replicas{10}, Replicas{10}, Replicas{10}};
    const auto result = scene.plan(now);
    scene.memory = result.memory;
    const bool fight = attempt == 3;
    EXPECT_EQ(desired(result), (std::vector{fight ? 1 : 10, 10, 10})) << attempt;
    EXPECT_EQ(result.report.contended, fight);
  }
}

/// What is remembered of the domains is remembered by their order.
TEST(Plan, OtherDomainsBeginANewMemory) {
  Scene scene;
  scene.to_rise = scene.to_fall = 1'000;
  scene.observation.demand.viewers.value = 1'000;
  scene.memory = scene.plan().memory;
  scene.memory.ordered = {Replicas{40}, Replicas{10}, Replicas{10}};
  scene.memory.recommendations.clear();
  EXPECT_EQ(desired(scene.plan()), (std::vector{10, 10, 1}));

  std::swap(scene.pool.domains[0], scene.pool.domains[2]);
  scene.observation = observed(scene.pool, {10, 10, 40}, fresh(1'000));
  const auto swapped = scene.plan();
  EXPECT_TRUE(swapped.memory.foreign_lowerings.empty());
  EXPECT_EQ(desired(swapped), (std::vector{10, 10, 40}));
}

TEST(Plan, ARaiseWithoutDemandSaysWhoWantedIt) {
  Scene scene;
  scene.stage = model::ForecastStage::kNone;
  scene.observation = observed(scene.pool, {1, 1, 1}, {.detail = "no series"});
  scene.pool.replicas.min = Replicas{6};
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{2, 2, 2}));
  EXPECT_THAT(result.report.summary, HasSubstr("nothing goes down; minimum 6"));
}

TEST(NoteWritten, RemembersWhatWasOrderedAndWhen) {
  model::PlanMemory memory;
  const model::ScalingPlan plan{
      .domains = {{"a", Replicas{5}, Replicas{8}}, {"b", Replicas{9}, Replicas{7}}}};
  note_written(memory, plan, 0, kEvening);
  note_written(memory, plan, 1, kEvening + Seconds{1});
  EXPECT_EQ(memory.ordered[0], Replicas{8});
  EXPECT_EQ(memory.scale_events[1].change, -2);
}

TEST(Plan, CountsTheTimeInWhichDemandWasAboveReadyCapacity) {
  Scene scene;
  const auto look = [&](int minute, double viewers) {
    scene.observation.demand.viewers.value = viewers;
    scene.memory = scene.plan(kEvening + minute * Seconds{60}).memory;
    return scene.memory.service;
  };
  EXPECT_EQ(look(0, 30'000).judged, Seconds{0}) << "nothing lies before the first look";
  EXPECT_EQ(look(1, 30'000).short_for, Seconds{0}) << "30 Ready replicas carry 30,000 fully used";
  EXPECT_EQ(look(2, 30'001).short_for, Seconds{60});
  scene.observation.demand.viewers.freshness = model::Freshness::kStale;
  EXPECT_EQ(look(3, 30'001).judged, Seconds{120}) << "what is not known is not judged";
  scene.observation.demand.viewers.freshness = model::Freshness::kFresh;
  const auto record = look(63, 30'001);
  EXPECT_EQ(record.judged, Seconds{180}) << "an hour apart, a minute was seen";
  EXPECT_EQ(record.short_for, Seconds{120});
  scene.pool.domains[2].name = "d";
  scene.observation.domains[2].name = "d";
  EXPECT_EQ(look(64, 30'001).short_for, Seconds{180}) << "other domains end no record";
}

TEST(Plan, SaysWhoOutweighsTheForecast) {
  Scene scene;
  EXPECT_EQ(model::condition(scene.plan().report, "ForecastReady").reason, reason::kLearned);
  scene.outweighed_by = model::Forecaster::kSeasonal;
  const auto ready = model::condition(scene.plan().report, "ForecastReady");
  EXPECT_EQ(ready.status, model::ConditionStatus::kTrue);
  EXPECT_EQ(ready.reason, reason::kOutweighed);
  EXPECT_THAT(ready.message, HasSubstr("last week's demand"));
}

}  // namespace
}  // namespace edgetide::planning
