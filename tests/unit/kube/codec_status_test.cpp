#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kube/status_codec.h"
#include "unit/kube/codec_cases.h"

namespace edgetide::kube {
namespace {

using model::ConditionStatus;

Instant at(const std::string& text) { return parse_instant(text).value(); }

const Instant kNow = at("2026-12-05T19:20:00Z");

model::EdgePool pool() {
  model::EdgePool pool = decode_pool(read_kind("edgepools").full).value;
  pool.key = {"default", "told"};
  pool.generation = 7;
  return pool;
}

/// A decision with everything that a status can tell.
model::PlanReport report() {
  model::PlanReport report;
  report.pool = {"default", "told"};
  report.mode = model::Mode::kEnforce;
  report.at = kNow;
  report.observation.demand.viewers = {.freshness = model::Freshness::kStale,
                                       .value = 61'200.2,
                                       .at = at("2026-12-05T19:17:00Z"),
                                       .detail = "the newest sample is 180 s old"};
  report.observation.domains = {{.name = "eu-west-1a",
                                 .known = true,
                                 .specified = Replicas{20},
                                 .ready = Replicas{18},
                                 .starting = Replicas{2},
                                 .start_time = Seconds{95}},
                                {.name = "eu-west-1b",
                                 .known = true,
                                 .specified = Replicas{22},
                                 .ready = Replicas{22},
                                 .starting = Replicas{0}}};
  report.peak = {.stage = model::ForecastStage::kWeekly,
                 .median = Viewers{80'000},
                 .quantile = Viewers{98'000.3},
                 .at = at("2026-12-05T20:10:00Z"),
                 .event = "video/final"};
  report.sizing.basis = model::SizingBasis::kEvent;
  report.sizing.binding = model::Resource::kViewers;
  report.sizing.planned = Viewers{98'000.3};
  report.sizing.serving = Replicas{50};
  report.verdicts = {{.guard = "bounds",
                      .before = Replicas{56},
                      .after = Replicas{52},
                      .reason = "MaximumReached",
                      .detail = "56 is above the maximum 52"}};
  report.plan.action = model::Action::kScaleUp;
  report.plan.domains = {{"eu-west-1a", Replicas{20}, Replicas{26}},
                         {"eu-west-1b", Replicas{22}, Replicas{26}}};
  report.shortfall = {.required = Replicas{56},
                      .granted = Replicas{52},
                      .at = at("2026-12-05T20:10:00Z"),
                      .cause = "MaximumReached",
                      .detail = "4 replicas are missing; raise spec.replicas.max to 56"};
  report.outlook = {.until = at("2026-12-07T19:20:00Z"),
                    .most = {.at = at("2026-12-06T20:00:00Z"),
                             .viewers = Viewers{120'000},
                             .required = Replicas{72},
                             .available = Replicas{52}},
                    .shortfalls = {{.start = at("2026-12-06T19:30:00Z"),
                                    .peak = at("2026-12-06T20:00:00Z"),
                                    .end = at("2026-12-06T21:45:00Z"),
                                    .viewers = Viewers{33'333.4},
                                    .egress = BitsPerSecond{2e11},
                                    .required = Replicas{72},
                                    .available = Replicas{52},
                                    .event = "video/replay",
                                    .cause = "MaximumReached",
                                    .act_by = at("2026-12-06T19:24:45Z"),
                                    .detail = "spec.replicas.max is 52: raise it to 72"}}};
  report.spare_viewers = {Viewers{1234.9}, Viewers{0}};
  report.reserve_missing = {Replicas{0}, Replicas{24}};
  report.conditions = {{.type = "RedundancyMet",
                        .status = ConditionStatus::kFalse,
                        .reason = "MaximumReached",
                        .message = "the loss of eu-west-1a would leave 26 of 50"},
                       {.type = "DemandFresh",
                        .status = ConditionStatus::kFalse,
                        .reason = "Stale",
                        .message = "the newest sample is 180 s old"}};
  report.summary = "Raising from 42 to 52 for video/final; 4 replicas are missing at 20:10:00";
  return report;
}

ports::ActOutcome written(const model::PlanReport& report) {
  ports::ActOutcome outcome;
  for (const auto& domain : report.plan.domains) {
    outcome.writes.push_back({domain.name, domain.from, domain.to, {}});
  }
  return outcome;
}

json::Value encoded(const model::PlanReport& report, StatusRecord record = {},
                    const std::vector<std::string>& problems = {}) {
  const model::EdgePool told = pool();
  return encode_status({.pool = told, .report = report, .spec_problems = problems}, record);
}

/// Of dry run, as three hours of looks add up.
model::DryRunWorth three_hours() {
  return {.judged = Seconds{10'800},
          .standing = {.replica_seconds = 540'000,
                       .short_viewer_seconds = 1'260'000,
                       .short_for = Seconds{840}},
          .planned = {.replica_seconds = 432'000}};
}

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
                       .reason = "Forecast"}};
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
  told.shortfall.reset();
  told.outlook->shortfalls.clear();
  const json::Value status = encoded(told)["status"];
  EXPECT_EQ(status["demand"], json::Value::parse(R"({"freshness": "Missing"})"));
  EXPECT_EQ(status["forecast"], json::Value::parse(R"({"stage": "None"})"));
  EXPECT_EQ(status["domains"][0],
            json::Value::parse(R"({"name": "eu-west-1a", "message": "no such Deployment"})"));
  EXPECT_EQ(status["domains"][1]["ready"], 22);
  for (const char* absent :
       {"ready", "desired", "shortfall", "shortfallsAhead", "lastScaleUpTime", "recentDecisions"}) {
    EXPECT_FALSE(status.contains(absent)) << absent;
  }
  EXPECT_FALSE(status["sizing"].contains("plannedViewers"));
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

TEST(StatusRecord, ComesBackFromAStatusAsItWas) {
  const model::PlanReport told = report();
  StatusRecord record = advance({}, told, written(told));
  const model::EdgePool of = pool();
  const json::Value body = encode_status({.pool = of, .report = told, .spec_problems = {}}, record);
  EXPECT_EQ(decode_status_record(body), record);
}

TEST(StatusRecord, ADryRunsWorthAddsUpOverRestartsAndEndsWithTheMode) {
  model::PlanReport told = report();
  told.mode = model::Mode::kDryRun;
  told.dry_run = three_hours();
  StatusRecord record = advance({}, told, {});
  const model::EdgePool of = pool();
  const json::Value body = encode_status({.pool = of, .report = told, .spec_problems = {}}, record);
  told.at += Seconds{3600};
  record = advance(decode_status_record(body), told, {});
  EXPECT_EQ(record.dry_run_since, kNow);
  EXPECT_EQ(record.dry_run.judged, Seconds{21'600});
  EXPECT_EQ(record.dry_run.planned.replica_seconds, 864'000);
  EXPECT_EQ(worth_text(record.dry_run),
            "in 6h the plans took 240 replica-hours and were short for 0s, what stood took 300 and "
            "was short for 28m");
  told.mode = model::Mode::kEnforce;
  record = advance(std::move(record), told, {});
  EXPECT_FALSE(record.dry_run_since.has_value());
  EXPECT_EQ(record.dry_run, model::DryRunWorth{});
}

TEST(StatusRecord, LeavesOutWhatItCannotUnderstand) {
  for (const char* text :
       {"null", "3", "{}", R"({"status": []})", R"({"status": {"conditions": 3}})",
        R"({"status": {"conditions": [3, {"type": 1}, {"type": "A", "lastTransitionTime": "x"}]}})",
        R"({"status": {"recentDecisions": [{"time": "2026-12-05T19:20:00Z", "from": -1}]}})",
        R"({"status": {"lastScaleUpTime": "yesterday", "recentDecisions": {}}})"}) {
    EXPECT_EQ(decode_status_record(json::Value::parse(text)), StatusRecord{}) << text;
  }
}

TEST(StatusRecord, HasTheTenNewestDecisionsThatWereWritten) {
  StatusRecord record;
  for (int i = 0; i < 13; ++i) {
    model::PlanReport told = report();
    told.at += Seconds{60 * i};
    record = advance(std::move(record), told, written(told));
  }
  ASSERT_EQ(record.decisions.size(), 10u);
  EXPECT_EQ(record.decisions.front().at, kNow + Seconds{12 * 60});
  EXPECT_EQ(record.decisions.back().at, kNow + Seconds{3 * 60});
}

TEST(StatusRecord, ADecisionThatWasNotWrittenIsNone) {
  const model::PlanReport told = report();
  ports::ActOutcome failed = written(told);
  for (auto& write : failed.writes) write.result = Error{.code = ErrorCode::kConflict};
  EXPECT_EQ(advance({}, told, failed), StatusRecord{});
  EXPECT_EQ(advance({}, told, {}), StatusRecord{});
}

TEST(StatusRecord, TellsUpFromDown) {
  model::PlanReport down = report();
  down.plan.action = model::Action::kScaleDown;
  down.plan.domains = {{"eu-west-1a", Replicas{20}, Replicas{18}},
                       {"eu-west-1b", Replicas{22}, Replicas{22}}};
  const StatusRecord record = advance({}, down, written(down));
  EXPECT_EQ(record.last_scale_down, kNow);
  EXPECT_FALSE(record.last_scale_up.has_value());
  EXPECT_EQ(record.decisions.front().action, "ScaleDown");

  model::PlanReport traded = report();
  traded.plan.action = model::Action::kHold;
  traded.plan.domains = {{"eu-west-1a", Replicas{20}, Replicas{21}},
                         {"eu-west-1b", Replicas{22}, Replicas{21}}};
  const StatusRecord rebalanced = advance({}, traded, written(traded));
  EXPECT_EQ(rebalanced.decisions.front().action, "Rebalance");
  EXPECT_FALSE(rebalanced.last_scale_up.has_value());
}

TEST(StatusRecord, InDryRunTheSameDecisionIsOneThatIsBroughtUpToDate) {
  model::PlanReport told = report();
  told.mode = model::Mode::kDryRun;
  StatusRecord record = advance({}, told, {});
  told.at += Seconds{15};
  told.plan.domains[0].to = Replicas{27};
  record = advance(std::move(record), told, {});
  ASSERT_EQ(record.decisions.size(), 1u);
  EXPECT_EQ(record.decisions.front().at, kNow);
  EXPECT_EQ(record.decisions.front().to, Replicas{53});
  EXPECT_FALSE(record.last_scale_up.has_value()) << "nothing was written";

  told.plan.domains[0].from = Replicas{25};
  record = advance(std::move(record), told, {});
  EXPECT_EQ(record.decisions.size(), 2u);
}

}  // namespace
}  // namespace edgetide::kube
