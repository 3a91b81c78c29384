#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "codec_status_report.h"
#include "unit/kube/codec_cases.h"

namespace edgetide::kube {
namespace {

// tests/contract/crds has the API server take and keep the same file.
TEST(Status, TellsEverythingTheSchemaHasRoomFor) {
  model::PlanReport told = report();
  told.pause = {.until = at("2026-12-05T22:00:00Z"), .replicas = Replicas{52}};
  StatusRecord record;
  record.conditions["RedundancyMet"] = {"False", at("2026-12-05T18:00:00Z")};
  record.last_scale_down = at("2026-12-04T23:30:00Z");
  record.decisions = {{.at = at("2026-12-04T23:30:00Z"),
                       .action = "ScaleDown",
                       .from = Replicas{60},
                       .to = Replicas{42},
                       .reason = "Forecast",
                       .dry_run = true}};
  record.leader_epoch = 3;
  record = advance(std::move(record), told, written(told));
  record.dry_run_since = at("2026-12-05T16:00:00Z");
  record.dry_run = three_hours();
  EXPECT_EQ(json::dump_indented(encoded(told, record)),
            json::dump_indented(read_contract("status.json")));
}

TEST(Status, WhatIsNotKnownIsAbsentRatherThanZero) {
  model::PlanReport told = report();
  told.observation.demand.viewers = {.freshness = model::Freshness::kMissing};
  told.observation.domains[0] = {.name = "eu-west-1a", .detail = "no such Deployment"};
  told.peak = {};
  told.sizing.planned = Viewers{std::numeric_limits<double>::quiet_NaN()};
  told.observation.demand.bitrate.reset();
  told.draws.reset();
  told.drawn.reset();
  told.shortfall.reset();
  told.outlook->shortfalls.clear();
  const json::Value status = encoded(told)["status"];
  EXPECT_EQ(status["demand"], json::Value::parse(R"({"freshness": "Missing"})"));
  EXPECT_EQ(status["forecast"], json::Value::parse(R"({"stage": "None"})"));
  EXPECT_EQ(status["domains"][0],
            json::Value::parse(R"({"name": "eu-west-1a", "message": "no such Deployment"})"));
  EXPECT_EQ(status["domains"][1]["ready"], 22);
  for (const char* absent : {"ready", "desired", "shortfall", "shortfallsAhead", "lastScaleUpTime",
                             "recentDecisions", "draws", "drawn"}) {
    EXPECT_FALSE(status.contains(absent)) << absent;
  }
  EXPECT_FALSE(status["sizing"].contains("plannedViewers"));
}

TEST(Status, PromisesNothingOfALossWhereTheSpreadIsNotKnown) {
  model::PlanReport told = report();
  EXPECT_TRUE(encoded(told)["status"]["sizing"].contains("survivingReplicas"));
  told.conditions[0].reason = model::reason::kSpreadUnknown;
  EXPECT_FALSE(encoded(told)["status"]["sizing"].contains("survivingReplicas"));
}

TEST(Status, LeavesOpenWhetherAnOlderDecisionWasWritten) {
  StatusRecord record;
  record.decisions = {{.at = at("2026-12-04T23:30:00Z"), .action = "ScaleDown"}};
  const auto pool = encoded(report(), record);
  EXPECT_FALSE(pool["status"]["recentDecisions"][0].contains("dryRun"));
  EXPECT_EQ(decode_status_record(pool).decisions[0].dry_run, std::nullopt);
}

/// The basis of the size may be a forecast before anything counts as learned.
TEST(Status, TellsTheFirstNumbersOfAForecastThatHasHardlyBegun) {
  model::PlanReport told = report();
  told.peak.stage = model::ForecastStage::kNone;
  const json::Value forecast = encoded(told)["status"]["forecast"];
  EXPECT_EQ(forecast["stage"], "None");
  EXPECT_EQ(forecast["peakViewers"], 98'001);
}

TEST(Status, ConditionsMoveOnlyWithTheirStatus) {
  const model::EdgePool told = pool();
  model::PlanReport first = report();
  StatusRecord record;
  const auto since = [&](const model::PlanReport& report) {
    const auto body = encode_status({.pool = told, .report = report, .spec_problems = {}}, record);
    return body["status"]["conditions"][0]["lastTransitionTime"].get<std::string>();
  };
  EXPECT_EQ(since(first), "2026-12-05T19:20:00Z");
  model::PlanReport later = first;
  later.at += Seconds{60};
  later.conditions[0].reason = "DomainLimits";
  EXPECT_EQ(since(later), "2026-12-05T19:20:00Z");
  later.conditions[0].status = ConditionStatus::kTrue;
  EXPECT_EQ(since(later), "2026-12-05T19:21:00Z");
}

TEST(Status, TextsAreCutToWhatTheSchemaTakes) {
  model::PlanReport told = report();
  std::string long_text;
  for (int i = 0; i < 5000; ++i) long_text += "\xC3\xA9";
  told.summary = long_text;
  told.peak.event = long_text;
  told.conditions[0].message = long_text;
  told.observation.demand.viewers.detail = long_text;
  const json::Value status = encoded(told)["status"];
  EXPECT_LE(status["summary"].get<std::string>().size(), 1024u);
  EXPECT_LE(status["sizing"]["basis"].get<std::string>().size(), 512u);
  EXPECT_LE(status["conditions"][0]["message"].get<std::string>().size(), 4096u);
  // Nothing of a character is left over at the cut.
  EXPECT_NO_THROW((void)status.dump());
}

TEST(Status, TellsOfASpecThatCannotBeFollowed) {
  const json::Value status =
      encoded(report(), {}, {"spec.replicas.max: 3 is below spec.replicas.min 6"})["status"];
  const json::Value& condition = status["conditions"].back();
  EXPECT_EQ(condition["type"], "SpecValid");
  EXPECT_EQ(condition["status"], "False");
  EXPECT_EQ(condition["message"], "spec.replicas.max: 3 is below spec.replicas.min 6");
  EXPECT_EQ(status["observedGeneration"], 7);
}

TEST(Status, OfARefusedPoolKeepsWhatWasRecorded) {
  StatusRecord record = decode_status_record(read_contract("status.json"));
  const json::Value body =
      encode_refused_status({"default", "told"}, 8, {"spec: required"}, kNow, record);
  EXPECT_EQ(body["status"]["observedGeneration"], 8);
  EXPECT_EQ(body["status"]["conditions"][0]["type"], "ScalingActive");
  EXPECT_EQ(body["status"]["conditions"][0]["status"], "False");
  EXPECT_EQ(body["status"]["lastScaleUpTime"], "2026-12-05T19:20:00Z");
  EXPECT_EQ(body["status"]["recentDecisions"].size(), 2u);
}

}  // namespace
}  // namespace edgetide::kube
