#include <gtest/gtest.h>

#include "codec_status_report.h"

namespace edgetide::kube {
namespace {

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

TEST(StatusRecord, ASizeThatAPersonHasGivenIsToldAsTheirs) {
  model::PlanReport told = report();
  told.pause = {.until = kNow + Seconds{3600}, .replicas = Replicas{52}};
  EXPECT_EQ(advance({}, told, written(told)).decisions.front().reason, "Event/video/final")
      << "what was wanted anyway";
  told.verdicts.push_back({.guard = "pause",
                           .before = Replicas{60},
                           .after = Replicas{52},
                           .reason = model::reason::kPaused});
  EXPECT_EQ(advance({}, told, written(told)).decisions.front().reason, "Paused");
  told.pause->replicas.reset();  // holds what stands, which the viewers of the moment may raise
  EXPECT_EQ(advance({}, told, written(told)).decisions.front().reason, "Event/video/final");
}

TEST(StatusRecord, ADecisionThatWasNotWrittenIsNone) {
  model::PlanReport told = report();
  told.observation.demand.bitrate.reset();
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
