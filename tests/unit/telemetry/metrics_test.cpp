#include "telemetry/metrics.h"

#include <gmock/gmock.h>

#include "support/pools.h"

namespace edgetide::telemetry {
namespace {

using namespace testing_support;
using testing::HasSubstr;
using testing::Not;

model::PlanReport report_of(const model::EdgePool& pool) {
  model::PlanReport report{.pool = pool.key,
                           .observation = observed(pool, {4, 5, 6}, fresh(1'000))};
  for (const auto& domain : report.observation.domains)
    report.plan.domains.push_back({domain.name, domain.specified, domain.specified});
  report.spare_viewers.assign(pool.domains.size(), Viewers{7});
  return report;
}

TEST(Metrics, ADomainThatIsNoLongerThePoolsHasNoSeries) {
  Metrics metrics("1.0");
  auto pool = three_domains();
  metrics.publish(pool, report_of(pool), {});
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(failure_domain="c")"));
  pool.domains[2].name = "d";
  metrics.publish(pool, report_of(pool), {});
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr(R"(failure_domain="c")")));
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(failure_domain="d")"));
}

TEST(Metrics, WhatIsUnknownHasNoSeriesAndADeletedPoolHasNone) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr("edgetide_pool_demand_viewers{"));
  report.observation.demand.viewers = {.freshness = model::Freshness::kFailed};
  report.observation.domains[0].known = false;
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("edgetide_pool_demand_viewers{")));
  EXPECT_THAT(metrics.exposition(),
              Not(HasSubstr(R"(edgetide_pool_ready_replicas{failure_domain="a")")));
  metrics.forget(pool.key);
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("live-edge")));
}

/// As the status and the reports tell them.
TEST(Metrics, TheFirstNumbersOfAForecastAreTold) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("edgetide_pool_forecast_peak_viewers{")));
  report.peak = {
      .stage = model::ForecastStage::kNone, .median = Viewers{900}, .quantile = Viewers{1'200}};
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr("edgetide_pool_forecast_peak_viewers{"));
  report.peak = {.stage = model::ForecastStage::kWeekly};
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr("edgetide_pool_forecast_peak_viewers{"))
      << "nobody is expected";
}

TEST(Metrics, WhatIsFetchedAndWhatAViewerTakesIsToldWhileItIsKnown) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  metrics.publish(pool, report, {});
  for (const char* absent : {"viewer_bits", "draws_bits", "drawn_bits"})
    EXPECT_THAT(metrics.exposition(),
                Not(HasSubstr("edgetide_pool_" + std::string(absent) + "_per_second{")));
  report.observation.demand.bitrate = BitsPerSecond{4e6};
  report.draws = {.for_viewers = BitsPerSecond{1e10},
                  .for_live = BitsPerSecond{2e9},
                  .for_cold_caches = BitsPerSecond{5e9}};
  report.drawn = {.for_viewers = BitsPerSecond{7e9}, .for_live = {}, .for_cold_caches = {}};
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(),
              HasSubstr("edgetide_pool_viewer_bits_per_second{namespace=\"video\",pool="
                        "\"live-edge\"} 4e+06"));
  EXPECT_THAT(metrics.exposition(),
              HasSubstr("edgetide_pool_draws_bits_per_second{for=\"live\",namespace=\"video\","
                        "pool=\"live-edge\"} 2e+09"));
  EXPECT_THAT(metrics.exposition(),
              HasSubstr("edgetide_pool_drawn_bits_per_second{for=\"viewers\",namespace="
                        "\"video\",pool=\"live-edge\"} 7e+09"));
}

TEST(Metrics, APauseAndADryRunAreTold) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  report.pause = {.until = kEvening, .replicas = std::nullopt};
  report.dry_run = {.judged = Seconds{15}, .standing = {.replica_seconds = 225}};
  metrics.publish(pool, report, {});
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr("edgetide_pool_pause_end_timestamp_seconds{"));
  EXPECT_THAT(metrics.exposition(),
              HasSubstr("edgetide_dry_run_replica_seconds_total{fleet=\"standing\",namespace="
                        "\"video\",pool=\"live-edge\"} 450"));
  report.pause.reset();
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("edgetide_pool_pause_end_timestamp_seconds{")));
}

TEST(Metrics, WhatTheProcessTakesIsTold) {
  const std::string told = Metrics("1.0").exposition();
  for (const std::string name : {"process_resident_memory_bytes", "process_cpu_seconds_total"}) {
    const auto line = told.find("\n" + name + " ");
    ASSERT_NE(line, std::string::npos) << name;
    EXPECT_GT(std::stod(told.substr(line + name.size() + 2)), 0) << name;
  }
}

TEST(Metrics, WhetherDecisionsAreCarriedOutIsTold) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  const std::string series = R"(edgetide_pool_enforced{namespace="video",pool="live-edge"} )";
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr(series + "0"));
  report.mode = model::Mode::kEnforce;
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr(series + "1"));
}

TEST(Metrics, WhetherAFallIsDoubtedIsTold) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  const std::string series = R"(edgetide_pool_demand_doubted{namespace="video",pool="live-edge"} )";
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr(series + "0"));
  report.doubted_fall = model::DoubtedFall{.event = "video/final"};
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr(series + "1"));
  report.doubted_fall.reset();
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), HasSubstr(series + "0"));
}

TEST(Metrics, AShortfallIsToldWithItsCauseAndNoneWithoutOne) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  const auto told = [&](const std::string& cause, int missing) {
    metrics.publish(pool, report, {});
    EXPECT_THAT(metrics.exposition(),
                HasSubstr("edgetide_capacity_shortfall_replicas{cause=\"" + cause +
                          R"(",namespace="video",pool="live-edge"} )" + std::to_string(missing)));
  };
  report.shortfall = model::Shortfall{
      .required = Replicas{9}, .granted = Replicas{5}, .cause = "ReplicasStarting"};
  told("ReplicasStarting", 4);
  report.shortfall.reset();
  told("", 0);
}

TEST(Metrics, OfShortfallsAheadThereIsOneSeriesACauseAndNoneWhenNothingWillBeMissing) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  const auto ahead = [](const char* cause, int missing, Seconds from_now) {
    return model::ShortfallAhead{.start = kEvening + from_now,
                                 .peak = kEvening + from_now,
                                 .end = kEvening + from_now + Seconds{60},
                                 .viewers = Viewers{100.0 * missing},
                                 .required = Replicas{missing},
                                 .cause = cause,
                                 .act_by = kEvening + from_now - Seconds{300}};
  };
  report.outlook = {.shortfalls = {ahead("MaximumReached", 4, Seconds{600}),
                                   ahead("Paused", 3, Seconds{1200}),
                                   ahead("MaximumReached", 9, Seconds{1800})}};
  metrics.publish(pool, report, {});
  const auto told = [&](const std::string& name, const std::string& cause, std::int64_t value) {
    const std::string labels =
        "{cause=\"" + cause + R"(",namespace="video",pool="live-edge"} )" + std::to_string(value);
    EXPECT_THAT(metrics.exposition(),
                HasSubstr("edgetide_capacity_shortfall_ahead_" + name + labels));
  };
  const std::int64_t now = kEvening.time_since_epoch().count();
  told("replicas", "MaximumReached", 9);
  told("viewers", "MaximumReached", 900);
  told("start_timestamp_seconds", "MaximumReached", now + 600);
  told("peak_timestamp_seconds", "MaximumReached", now + 1800);
  told("end_timestamp_seconds", "MaximumReached", now + 1860);
  told("act_by_timestamp_seconds", "MaximumReached", now + 300);
  told("replicas", "Paused", 3);
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("ahead_bits_per_second")));
  report.outlook->shortfalls.clear();
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("shortfall_ahead")));
}

model::ForecastAccuracy accuracy_of(model::Forecaster who, double coverage, double loss) {
  return {.forecaster = who,
          .window = Seconds{360},
          .coverage = Ratio{coverage},
          .pinball = Viewers{loss}};
}

TEST(Metrics, ForecastsAreHeldAgainstWhatCame) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  report.accuracy = {accuracy_of(model::Forecaster::kEdgetide, 0.99, 12),
                     accuracy_of(model::Forecaster::kSeasonal, 0.98, 40)};
  report.peak.outweighed_by = model::Forecaster::kSeasonal;
  metrics.publish(pool, report, {});
  const auto has = [&](const char* line) { EXPECT_THAT(metrics.exposition(), HasSubstr(line)); };
  has(R"(edgetide_forecast_coverage_ratio{forecaster="Edgetide",namespace="video",)"
      R"(pool="live-edge",window_seconds="360"} 0.99)");
  has(R"(edgetide_forecast_pinball_loss_viewers{forecaster="Seasonal",namespace="video",)"
      R"(pool="live-edge",window_seconds="360"} 40)");
  has(R"(edgetide_forecast_outweighed{forecaster="Seasonal",namespace="video",pool="live-edge"} 1)");
  has(R"(edgetide_forecast_outweighed{forecaster="Reaction",namespace="video",pool="live-edge"} 0)");
  has(R"(edgetide_pool_confidence_ratio{namespace="video",pool="live-edge"} 0.995)");
  report.accuracy.pop_back();
  metrics.publish(pool, report, {});
  EXPECT_THAT(metrics.exposition(),
              Not(HasSubstr(R"(edgetide_forecast_pinball_loss_viewers{forecaster="Seasonal")")));
  metrics.forget(pool.key);
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("live-edge")));
}

TEST(Metrics, ShortTimeIsCountedBesideTheTimeThatWasJudged) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  auto report = report_of(pool);
  for (const int look : {1, 2, 3}) {
    report.service = {.judged = look * Seconds{15}, .short_for = Seconds{15}};
    metrics.publish(pool, report, {});
  }
  EXPECT_THAT(
      metrics.exposition(),
      HasSubstr(R"(edgetide_pool_judged_seconds_total{namespace="video",pool="live-edge"} 45)"));
  EXPECT_THAT(
      metrics.exposition(),
      HasSubstr(R"(edgetide_pool_short_seconds_total{namespace="video",pool="live-edge"} 15)"));
}

TEST(Metrics, ProblemsOfSpecsComeAndGoWithTheirPools) {
  Metrics metrics("1.0");
  metrics.set_spec_problems({{{"video", "fine"}, 0}, {{"video", "misspelt"}, 2}});
  const auto said = [](const char* pool, const char* count) {
    return HasSubstr(std::string("edgetide_pool_spec_problems{namespace=\"video\",pool=\"") + pool +
                     "\"} " + count);
  };
  EXPECT_THAT(metrics.exposition(), said("fine", "0"));
  EXPECT_THAT(metrics.exposition(), said("misspelt", "2"));
  metrics.set_spec_problems({{{"video", "fine"}, 1}});
  EXPECT_THAT(metrics.exposition(), said("fine", "1"));
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("misspelt")));
}

TEST(Metrics, WhatIsDoneForAPoolIsCountedFromZeroAsSoonAsItIsKnown) {
  Metrics metrics("1.0");
  const auto pool = three_domains();
  const auto has = [&](const char* name, const char* labels, const char* count) {
    EXPECT_THAT(metrics.exposition(),
                HasSubstr(std::string("edgetide_") + name + "{" + labels + "} " + count + "\n"));
  };
  const char* one = R"(namespace="video",pool="live-edge")";
  const char* held = R"(action="Hold",namespace="video",pool="live-edge")";
  const char* written = R"(namespace="video",pool="live-edge",result="ok")";
  metrics.set_spec_problems({{pool.key, 0}});
  for (const char* action : {"Hold", "ScaleDown", "ScaleUp"})
    has("decisions_total", ("action=\"" + std::string(action) + "\"," + one).c_str(), "0");
  has("scale_writes_total", written, "0");
  has("plan_violations_total", one, "0");
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("edgetide_pool_demand_fresh")))
      << "all else waits for the first decision";
  metrics.publish(pool, report_of(pool), {});
  has("decisions_total", held, "1");
  has("decisions_total", R"(action="ScaleUp",namespace="video",pool="live-edge")", "0");
  has("scale_writes_total", written, "0");
  EXPECT_THAT(metrics.exposition(),
              Not(HasSubstr("edgetide_decisions_total{" + std::string(held) + "} 0")));
  metrics.forget(pool.key);
  metrics.set_spec_problems({});
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("live-edge")));
}

TEST(Metrics, CalendarsComeAndGo) {
  Metrics metrics("1.0");
  metrics.set_calendars_ready({{{"video", "season"}, false}});
  EXPECT_THAT(metrics.exposition(),
              HasSubstr(R"(edgetide_event_calendar_ready{calendar="season",namespace="video"} 0)"));
  metrics.set_calendars_ready({});
  EXPECT_THAT(metrics.exposition(), Not(HasSubstr("season")));
}

}  // namespace
}  // namespace edgetide::telemetry
