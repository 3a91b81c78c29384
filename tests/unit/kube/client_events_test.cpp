#include <algorithm>

#include "client_reports.h"
#include "edgetide/model/reasons.h"
#include "kube/event_recorder.h"

namespace edgetide::kube {
namespace {

using testing::eventually;

std::vector<std::string> reasons_in(const model::PlanReport& report,
                                    const ports::ActOutcome& outcome) {
  std::vector<std::string> reasons;
  for (const auto& occurrence : occurrences_in(report, outcome))
    reasons.emplace_back(occurrence.reason);
  return reasons;
}

TEST(Occurrences, NameWhatWasDoneAndWhatIsWrong) {
  using Reasons = std::vector<std::string>;
  const auto write = [](int from, int to, Result<void> result = {}) {
    return ports::DomainOutcome{
        .name = "a", .from = Replicas{from}, .to = Replicas{to}, .result = std::move(result)};
  };
  EXPECT_EQ(reasons_in(holding(), {}), Reasons{});
  EXPECT_EQ(reasons_in(holding(), {.writes = {write(2, 5)}}), Reasons{"ScaledUp"});
  EXPECT_EQ(reasons_in(holding(), {.writes = {write(5, 2)}}), Reasons{"ScaledDown"});
  EXPECT_EQ(reasons_in(holding(), {.writes = {write(5, 2), write(2, 5)}}),
            (Reasons{"ScaledUp", "ScaledDown"}));
  EXPECT_EQ(reasons_in(holding(), {.writes = {write(2, 5, Error{.message = "conflict"})}}),
            Reasons{"ScaleFailed"});
  auto report = holding();
  report.contended = true;
  report.shortfall = model::Shortfall{.detail = std::string(5000, 'x')};
  report.outlook = {.shortfalls = {{.detail = "tomorrow"}}};
  report.conditions[0].status = model::ConditionStatus::kFalse;
  EXPECT_EQ(reasons_in(report, {}), (Reasons{"Contended", "CapacityShortfall",
                                             "CapacityShortfallAhead", "RedundancyLost"}));
  EXPECT_LE(occurrences_in(report, {})[1].note.size(), 1024u);
}

TEST_F(ReportsTest, WhatIsSeenAgainIsMergedIntoItsEvent) {
  answer_with(200);
  EventRecorder recorder(outbox_, "replica-0");
  auto report = holding();
  report.contended = true;
  for (int look = 0; look < 3; ++look) {
    recorder.publish(pool_with_one_domain(), report, {});
    report.at += Seconds{15};
  }
  ASSERT_EQ(sent(), 2u);
  const auto made = script_.all_sent().at(0);
  const auto merged = script_.all_sent().at(1);
  EXPECT_EQ(made.method, http::Method::kPost);
  EXPECT_EQ(made.target, "/apis/events.k8s.io/v1/namespaces/video/events");
  const auto event = json::parse(made.body).value();
  EXPECT_EQ(merged.method, http::Method::kPatch);
  EXPECT_EQ(merged.target, made.target + "/" + event["metadata"]["name"].get<std::string>());
  EXPECT_EQ(merged.body,
            R"({"series":{"count":2,"lastObservedTime":"2026-12-05T20:00:15.000000Z"}})");
}

/// One Event when it begins, one when it has ended.
TEST_F(ReportsTest, ADoubtedFallIsToldWhenItBeginsAndWhenItEnds) {
  answer_with(200);
  EventRecorder recorder(outbox_, "replica-0");
  auto report = holding();
  report.conditions.push_back({.type = "DemandFresh",
                               .status = model::ConditionStatus::kFalse,
                               .reason = "Stale",
                               .message = "nothing is told by now"});
  auto& fresh = report.conditions.back();
  const auto look = [&] {
    recorder.publish(pool_with_one_domain(), report, {});
    report.at += Seconds{15};
  };
  look();
  report.doubted_fall = model::DoubtedFall{.event = "video/final"};
  EXPECT_EQ(reasons_in(report, {}), std::vector<std::string>{}) << "nothing is told by now";
  fresh.reason = model::reason::kSuddenFall;
  fresh.message = "4,000 viewers are told and not believed";
  EXPECT_EQ(reasons_in(report, {}), std::vector<std::string>{"DemandDoubted"});
  for (int i = 0; i < 4; ++i) look();
  report.doubted_fall.reset();
  fresh.reason = model::reason::kFresh;
  for (int i = 0; i < 4; ++i) look();
  ASSERT_EQ(sent(), 3u);
  std::vector<std::string> told;
  for (const auto& request : script_.all_sent()) {
    if (request.method != http::Method::kPost) continue;
    const auto event = json::parse(request.body).value();
    told.push_back(event["reason"].get<std::string>() + " " + event["type"].get<std::string>());
  }
  EXPECT_EQ(told, (std::vector<std::string>{"DemandDoubted Warning", "DemandBelieved Normal"}));
}

TEST_F(ReportsTest, AnEventThatHasExpiredIsMadeAgain) {
  script_.answer = [](const http::Request& request) {
    return http::Response{.status = request.method == http::Method::kPatch ? 404 : 201};
  };
  EventRecorder recorder(outbox_, "replica-0");
  auto report = holding();
  report.contended = true;
  ASSERT_TRUE(eventually([&] {
    recorder.publish(pool_with_one_domain(), report, {});
    report.at += Seconds{1};
    return script_.all_sent().size() >= 3;
  }));
  outbox_.finish(std::chrono::seconds{5});  // it tells the recorder what became of each
  EXPECT_EQ(script_.all_sent().at(2).method, http::Method::kPost);
  EXPECT_EQ(recorder.dropped(), 0u);
}

TEST_F(ReportsTest, AnEventThatMayNotBeMergedIsNotMadeAgain) {
  script_.answer = [](const http::Request& request) {
    return http::Response{.status = request.method == http::Method::kPatch ? 403 : 201};
  };
  EventRecorder recorder(outbox_, "replica-0");
  auto report = holding();
  report.contended = true;
  ASSERT_TRUE(eventually([&] {
    recorder.publish(pool_with_one_domain(), report, {});
    report.at += Seconds{60};
    return recorder.dropped() >= 2;
  }));
  outbox_.finish(std::chrono::seconds{5});
  EXPECT_EQ(std::ranges::count(script_.all_sent(), http::Method::kPost, &http::Request::method), 1);
}

TEST(Event, HasWhatTheApiAsksFor) {
  const auto pool = pool_with_one_domain();
  const auto event =
      encode_event({"EdgePool", pool.key, pool.uid},
                   {.reason = "ScaledUp", .action = "Scale", .note = "from 2 to 5 replicas"},
                   kReportedAt, std::string(300, 'i'), "live.1");
  EXPECT_EQ(event["eventTime"], "2026-12-05T20:00:00.000000Z");
  EXPECT_EQ(event["type"], "Normal");
  EXPECT_EQ(event["regarding"]["uid"], "uid-live");
  EXPECT_EQ(event["metadata"]["name"], "live.1");
  EXPECT_EQ(event["reportingInstance"].get<std::string>().size(), 128u);
}

}  // namespace
}  // namespace edgetide::kube
