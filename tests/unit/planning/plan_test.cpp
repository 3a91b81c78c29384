#include "edgetide/planning/plan.h"

#include <gmock/gmock.h>

#include <cmath>

#include "edgetide/forecast/demand_forecaster.h"
#include "edgetide/model/reasons.h"
#include "unit/planning/scene.h"

namespace edgetide::planning {
namespace {

using testing::HasSubstr;
namespace reason = model::reason;

/// What an audience that wavers by the minute has taught until the evening.
forecast::ForecastState learned_evening() {
  std::vector<model::DemandSample> samples;
  for (int minute = 2 * 1440; minute > 0; --minute) {
    const double wave = 1'000 * std::sin(minute / 7.0) + 700 * std::sin(minute * minute / 11.0);
    samples.push_back({kEvening - Seconds{60 * minute}, Viewers{10'000 + wave}});
  }
  const model::EventCalendar calendar;
  const model::UtcOffsets offsets;
  return forecast::learn(samples, {calendar, offsets});
}

TEST(Plan, AsksTheForecastForBothCoverages) {
  Scene scene;
  scene.pool.redundancy.confidence = 0.9;
  const auto watched = learned_evening();
  const auto peaks_of = [&](model::Survive survive) {
    scene.pool.redundancy.survive = survive;
    return forecast_peaks({.pool = scene.pool,
                           .observation = scene.observation,
                           .forecast_state = watched,
                           .calendar = scene.calendar,
                           .offsets = {},
                           .memory = scene.memory},
                          kEvening);
  };
  const auto peaks = peaks_of(model::Survive::kFailureDomain);
  EXPECT_LT(peaks.to_rise.after_loss, peaks.to_rise.window.quantile);
  EXPECT_LT(peaks.to_fall.after_loss, peaks.to_fall.window.quantile);
  EXPECT_GT(peaks.to_rise.after_loss, peaks.to_rise.window.median);
  const auto without = peaks_of(model::Survive::kNone);
  EXPECT_EQ(without.to_rise.after_loss, without.to_rise.window.quantile);
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
    EXPECT_EQ(peaks.to_rise.window.window_end, kEvening + lead + Seconds{15});
    EXPECT_EQ(peaks.to_fall.window.window_end, kEvening + farther) << lead.count();
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

/// 20,000 viewers are to come, twice those of now; what binds is worked out by hand.
TEST(Plan, IsSizedByConnectionsHandshakesOrRequests) {
  using model::Resource;
  const auto bound_by = [](auto&& load) {
    Scene scene;
    scene.to_rise = scene.to_fall = 20'000;
    load(scene.pool.capacity, scene.observation.demand);
    const auto sizing = scene.plan().report.sizing;
    return std::pair{sizing.binding, sizing.serving};
  };
  EXPECT_EQ(bound_by([](auto& capacity, auto& demand) {
              capacity.connections = Connections{800};  // 36,000 / (800 x 0.75)
              demand.connections = fresh(18'000);
            }),
            std::pair(Resource::kConnections, Replicas{60}));
  EXPECT_EQ(bound_by([](auto& capacity, auto& demand) {
              capacity.handshakes = HandshakesPerSecond{20};  // 600 / (20 x 0.75)
              demand.handshakes = fresh(300);
            }),
            std::pair(Resource::kHandshakes, Replicas{40}));
  EXPECT_EQ(bound_by([](auto& capacity, auto& demand) {
              capacity.requests = RequestsPerSecond{4000};  // 100,000 / (4,000 x 0.75)
              demand.requests = fresh(50'000);
            }),
            std::pair(Resource::kRequests, Replicas{34}));
}

/// What is ordered there later would serve later than what draws from it.
TEST(Plan, LooksFartherForItsUpstreamByThatOnesLeadTime) {
  Scene scene;
  const auto drawn_until = [&](Seconds upstream_lead_time) {
    return forecast_peaks({.pool = scene.pool,
                           .observation = scene.observation,
                           .forecast_state = {},
                           .calendar = scene.calendar,
                           .offsets = {},
                           .memory = scene.memory,
                           .upstream_lead_time = upstream_lead_time},
                          kEvening)
        .to_draw;
  };
  EXPECT_FALSE(drawn_until(Seconds{450}).has_value());
  scene.pool.upstream = {.name = "live-shield"};
  const Instant serves = kEvening + scene.pool.lead_time + Seconds{15};
  EXPECT_EQ(drawn_until(Seconds{0})->window.window_end, serves);
  EXPECT_EQ(drawn_until(Seconds{450})->window.window_end, serves + Seconds{450});
}

/// Adaptive bitrate hides overload: the same viewers get less each while the network is full.
TEST(Plan, ACongestedNetworkIsNoSmallerDemand) {
  Scene scene;
  scene.pool.capacity.egress = BitsPerSecond{4e9};
  scene.observation.demand.egress = fresh(60e9);  // 6 Mbit/s a viewer
  scene.observation.demand.bitrate = BitsPerSecond{6e6};
  const auto before = scene.plan();
  scene.observation.demand.egress->value = 30e9;
  const auto congested = scene.plan();
  EXPECT_EQ(desired(congested), desired(before));
  EXPECT_EQ(congested.report.sizing.serving, Replicas{20});  // 60 / (4 x 0.75)
  // What is sent for more than that counts as it is.
  scene.observation.demand.egress->value = 90e9;
  EXPECT_EQ(scene.plan().report.sizing.serving, Replicas{30});
  // And what cannot be read is worked out, which raises and never lowers.
  scene.observation.demand.egress = std::nullopt;
  EXPECT_EQ(scene.plan().report.sizing.serving, Replicas{20});
  EXPECT_EQ(scene.plan().report.plan.total_to(), model::total_specified(scene.observation));
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
    return Peak{.window = {.stage = scene.stage,
                           .median = Viewers{viewers},
                           .quantile = Viewers{viewers},
                           .at = kEvening,
                           .window_end = kEvening + Seconds{900}},
                .after_loss = Viewers{viewers}};
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
  EXPECT_THAT(scene.plan().report.summary, HasSubstr("minimum 60 of event video/final, where "));
  scene.calendar = model::EventCalendar({event(kEvening + Seconds{330})});
  EXPECT_LT(scene.plan().report.plan.total_to(), Replicas{60});
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

TEST(Plan, ARaiseWithoutDemandSaysWhoWantedIt) {
  Scene scene;
  scene.stage = model::ForecastStage::kNone;
  scene.observation = observed(scene.pool, {1, 1, 1}, {.detail = "no series"});
  scene.pool.replicas.min = Replicas{6};
  const auto result = scene.plan();
  EXPECT_EQ(desired(result), (std::vector{2, 2, 2}));
  EXPECT_THAT(result.report.summary, HasSubstr("nothing goes down; minimum 6"));
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
