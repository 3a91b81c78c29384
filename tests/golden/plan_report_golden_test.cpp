#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "planning/peaks.h"
#include "report/structured_report.h"
#include "report/text_report.h"
#include "support/golden.h"
#include "support/pools.h"

namespace edgetide {
namespace {

using namespace testing_support;

model::PlanReport planned(const model::EdgePool& pool, const model::Observation& observation,
                          double quantile, bool guessed = false) {
  const model::WindowPeak peak{.stage = model::ForecastStage::kWeekly,
                               .median = Viewers{quantile * 0.9},
                               .quantile = Viewers{quantile},
                               .steepest = ViewersPerSecond{quantile / 600},
                               .at = kEvening + Seconds{240},
                               .window_end = kEvening + Seconds{315},
                               .event_uplift = Viewers{quantile * 0.6},
                               .event = "video/cup-final",
                               .event_guessed = guessed};
  const planning::Peak both{.window = peak,
                            .after_loss = Viewers{quantile * 0.95},
                            .steepest_after_loss = ViewersPerSecond{quantile / 650}};
  const model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  return planning::plan_for({.pool = pool,
                             .observation = observation,
                             .forecast_state = {},
                             .calendar = {},
                             .offsets = {},
                             .memory = memory},
                            {.to_rise = both, .to_fall = both}, kEvening)
      .report;
}

/// An event ahead that the maximum does not let be met, and egress that binds.
model::PlanReport before_the_final() {
  auto pool = three_domains();
  pool.replicas.max = Replicas{50};
  pool.capacity.egress = BitsPerSecond{4e9};
  auto observation = observed(pool, {10, 10, 10}, fresh(12'345, kEvening - Seconds{18}));
  observation.demand.egress = fresh(60e9, kEvening - Seconds{18});
  observation.domains[1].ready = Replicas{8};
  observation.domains[1].starting = Replicas{2};
  auto report = planned(pool, observation, 30'000);
  const auto judged = [](model::Forecaster who, double coverage, double loss) {
    return model::ForecastAccuracy{who, Seconds{360}, Ratio{coverage}, Viewers{loss}};
  };
  report.accuracy = {judged(model::Forecaster::kEdgetide, 0.9954, 46),
                     judged(model::Forecaster::kSeasonal, 0.9887, 436),
                     judged(model::Forecaster::kReaction, 0.9927, 78)};
  report.service = {.judged = Seconds{7200}, .short_for = Seconds{60}};
  report.outlook = {.until = kEvening + std::chrono::hours{48},
                    .most = {.at = kEvening + std::chrono::hours{24},
                             .viewers = Viewers{60'000},
                             .required = Replicas{120},
                             .available = Replicas{50}},
                    .shortfalls = {{.start = kEvening + std::chrono::hours{23},
                                    .peak = kEvening + std::chrono::hours{24},
                                    .end = kEvening + std::chrono::hours{25},
                                    .viewers = Viewers{35'250},
                                    .required = Replicas{120},
                                    .available = Replicas{50},
                                    .event = "video/replay",
                                    .cause = "MaximumReached",
                                    .act_by = kEvening + std::chrono::hours{22},
                                    .detail = "spec.replicas.max is 50: raise it to 120"}}};
  return report;
}

/// Prometheus does not answer and one target is gone.
model::PlanReport in_the_dark() {
  const auto pool = three_domains();
  auto observation = observed(
      pool, {10, 10, 10},
      {.freshness = model::Freshness::kFailed, .detail = "prometheus:9090 does not answer"});
  observation.domains[2] = {.name = "c", .known = false, .detail = "Deployment edge-c not found"};
  return planned(pool, observation, 5'000);
}

/// A kick-off, by the TLS connections that viewers open.
model::PlanReport gateways_before_the_final() {
  auto pool = three_domains();
  pool.tier = model::Tier::kGateway;
  pool.capacity = {.connections = Connections{20'000}, .handshakes = HandshakesPerSecond{350}};
  pool.redundancy.reconnect = Seconds{20};
  auto observation = observed(pool, {3, 3, 3}, fresh(45'000, kEvening - Seconds{18}));
  observation.demand.connections = fresh(90'000, kEvening - Seconds{18});
  observation.demand.handshakes = fresh(210, kEvening - Seconds{18});
  observation.demand.handshakes_of_arrivals = HandshakesPerSecond{160};
  return planned(pool, observation, 450'000);
}

TEST(PlanReportText, GatewaysBeforeTheFinal) {
  const auto report = gateways_before_the_final();
  expect_golden("gateways_before_the_final.txt", report::text_report(report));
  const auto json = report::json_report(report)["sizing"];
  EXPECT_EQ(json["arrivalHandshakesPerSecond"], report.sizing.of_arrivals.count());
  EXPECT_EQ(json["reconnectHandshakesPerSecond"], report.sizing.of_reconnects.count());
}

TEST(PlanReportText, BeforeTheFinal) {
  expect_golden("before_the_final.txt", report::text_report(before_the_final()));
}

TEST(PlanReportText, InTheDark) {
  expect_golden("in_the_dark.txt", report::text_report(in_the_dark()));
}

TEST(PlanReportText, FitsEightyColumnsAndTellsOfWhatWillBeMissingOnce) {
  for (const auto& report : {before_the_final(), gateways_before_the_final(), in_the_dark()}) {
    std::istringstream lines(report::text_report(report));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  }
  const std::string text = report::text_report(before_the_final());
  EXPECT_EQ(text.find("SHORT AHEAD"), std::string::npos);
  const auto ahead = text.find("raise it to 120");
  EXPECT_NE(ahead, std::string::npos);
  EXPECT_EQ(text.find("raise it to 120", ahead + 1), std::string::npos);
}

TEST(PlanReportText, SaysWhereAnEventsSizeIsAGuess) {
  const auto pool = three_domains();
  const auto report = planned(pool, observed(pool, {10, 10, 10}, fresh(5'000)), 30'000, true);
  EXPECT_EQ(report.summary.find("event video/cup-final (a guess: none like it is known): up to 30"),
            0U)
      << report.summary;
  EXPECT_NE(report::text_report(report).find("brings 18,000 of it, a guess: no event like"),
            std::string::npos);
  EXPECT_EQ(report::json_report(report)["forecast"]["eventGuessed"], true);
}

TEST(PlanReportJson, BeforeTheFinal) {
  expect_golden("before_the_final.json", report::json_report(before_the_final()).dump(2) + "\n");
}

TEST(PlanReportYaml, InTheDark) {
  expect_golden("in_the_dark.yaml", report::to_yaml(report::json_report(in_the_dark())));
}

}  // namespace
}  // namespace edgetide
