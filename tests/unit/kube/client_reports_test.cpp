#include <gtest/gtest.h>

#include <algorithm>

#include "client_fake_transport.h"
#include "kube/event_recorder.h"
#include "kube/outbox.h"
#include "kube/status_writer.h"
#include "kube/stream_event_source.h"

namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::FakeTransport;

const Instant kNow = *parse_instant("2026-12-05T20:00:00Z");

model::EdgePool pool_with_one_domain() {
  model::EdgePool pool;
  pool.key = {"video", "live"};
  pool.uid = "uid-live";
  pool.generation = 2;
  pool.domains = {{.name = "a", .target = {"apps/v1", "Deployment", "edge-a"}}};
  pool.capacity.viewers = Viewers{100};
  return pool;
}

model::PlanReport holding() {
  model::PlanReport report;
  report.pool = {"video", "live"};
  report.at = kNow;
  report.observation.demand.viewers = {
      .freshness = model::Freshness::kFresh, .value = 1000, .at = kNow};
  report.observation.domains = {
      {.name = "a", .known = true, .specified = Replicas{20}, .ready = Replicas{20}}};
  report.plan.domains = {{.name = "a", .from = Replicas{20}, .to = Replicas{20}}};
  report.sizing.per_domain = {Replicas{20}};
  report.spare_viewers = {Viewers{0}};
  report.conditions = {{.type = "RedundancyMet",
                        .status = model::ConditionStatus::kTrue,
                        .reason = "Survives",
                        .message = "carries the peak after the loss of a"}};
  report.summary = "enough.";
  return report;
}

class ReportsTest : public ::testing::Test {
 protected:
  ReportsTest()
      : client_(std::make_unique<FakeTransport>(script_), {}, {.max_attempts = 1}),
        outbox_(client_, 3) {}

  void answer_with(int status) {
    const std::lock_guard lock(script_.mutex);
    script_.answer = [status](const http::Request&) { return http::Response{.status = status}; };
  }
  /// Waits for the outbox and returns how many requests were sent in all.
  std::size_t sent() {
    outbox_.finish(std::chrono::seconds{5});
    return script_.all_sent().size();
  }

  FakeTransport::Script script_;
  Client client_;
  Outbox outbox_;
};

/// When the pool's next five minutes begin.
Instant span_begin(const model::EdgePool& pool) {
  auto report = holding();
  while (true) {
    const auto before = digest_of(pool, report, {});
    report.at += Seconds{1};
    if (is_worth_writing(digest_of(pool, report, {}), before)) return report.at;
  }
}

TEST(StatusDigest, OfAQuietFleetIsWrittenAFewPoolsAtATime) {
  constexpr int kPools = 2'000;
  constexpr int kLooks = 600 / 15;
  std::vector<StatusDigest> written;
  std::vector<int> times(kPools);
  for (int look = 0; look <= kLooks; ++look) {
    int at_once = 0;
    for (int i = 0; i < kPools; ++i) {
      auto pool = pool_with_one_domain();
      pool.key.name = "live-" + std::to_string(i);
      auto report = holding();
      report.at += Seconds{15 * look};
      auto now = digest_of(pool, report, {});
      if (look == 0) {
        written.push_back(now);
      } else if (is_worth_writing(now, written[i])) {
        written[i] = now;
        ++at_once;
        ++times[i];
      }
    }
    EXPECT_LE(at_once, 2 * kPools * 15 / 300) << "look " << look;
  }
  EXPECT_EQ(std::ranges::count(times, kLooks * 15 / 300), kPools) << "each once in five minutes";
}

TEST(StatusDigest, SmallMovesAreNotWorthAWrite) {
  const auto pool = pool_with_one_domain();
  auto before = holding();
  before.at = span_begin(pool);
  const auto written = digest_of(pool, before, {});
  const auto worth = [&](const std::function<void(model::PlanReport&)>& change) {
    auto report = before;
    report.at += Seconds{15};
    change(report);
    return is_worth_writing(digest_of(pool, report, {}), written);
  };
  EXPECT_FALSE(worth([](auto&) {}));
  EXPECT_FALSE(worth([](auto& r) { r.observation.demand.viewers.value = 1049; }));
  EXPECT_TRUE(worth([](auto& r) { r.observation.demand.viewers.value = 1050; }));
  EXPECT_TRUE(worth([](auto& r) { r.observation.demand.viewers.value = 950; }));
  EXPECT_TRUE(worth([](auto& r) { r.observation.demand.viewers.value = 0; }));
  EXPECT_FALSE(worth([&](auto& r) { r.at = before.at + Seconds{299}; }));
  EXPECT_TRUE(worth([&](auto& r) { r.at = before.at + Seconds{300}; }));
  EXPECT_TRUE(worth([&](auto& r) { r.at = before.at - Seconds{1}; }));
  EXPECT_FALSE(worth([](auto& r) { r.conditions[0].message = "in other words"; }));
}

TEST(StatusDigest, WhatPeopleActOnIsWorthAWrite) {
  const auto pool = pool_with_one_domain();
  const auto written = digest_of(pool, holding(), {});
  const std::vector<std::function<void(model::PlanReport&)>> changes{
      [](auto& r) { r.plan.domains[0].to = Replicas{21}; },
      [](auto& r) { r.conditions[0].status = model::ConditionStatus::kFalse; },
      [](auto& r) { r.conditions[0].reason = "Other"; },
      [](auto& r) { r.verdicts.push_back({.guard = "bounds", .reason = "MaximumReached"}); },
      [](auto& r) { r.sizing.basis = model::SizingBasis::kForecast; },
      [](auto& r) { r.observation.domains[0].known = false; },
      [](auto& r) { r.observation.domains[0].ready = Replicas{10}; },
      [](auto& r) { r.observation.demand.viewers.freshness = model::Freshness::kStale; },
      [](auto& r) { r.contended = true; },
      [](auto& r) { r.shortfall = model::Shortfall{.cause = "MaximumReached"}; },
      [](auto& r) { r.mode = model::Mode::kEnforce; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto report = holding();
    changes[i](report);
    EXPECT_TRUE(is_worth_writing(digest_of(pool, report, {}), written)) << "change " << i;
  }
  EXPECT_TRUE(is_worth_writing(digest_of(pool, holding(), {"spec: wrong"}), written));
}

TEST_F(ReportsTest, StatusIsAppliedAsOurFieldsOnly) {
  answer_with(200);
  StatusWriter writer(outbox_, [](const ObjectKey&) { return StatusWriter::PoolFacts{}; }, {}, {});
  writer.publish(pool_with_one_domain(), holding(), {});
  writer.publish(pool_with_one_domain(), holding(), {});
  ASSERT_EQ(sent(), 1u);
  const auto request = script_.all_sent().at(0);
  EXPECT_EQ(request.method, http::Method::kPatch);
  EXPECT_EQ(request.target,
            "/apis/edgetide.io/v1alpha1/namespaces/video/edgepools/live/status"
            "?fieldManager=edgetide&force=true");
}

TEST_F(ReportsTest, AStatusThatWasNotTakenIsWrittenAgain) {
  answer_with(500);
  std::atomic<int> failed{0};
  StatusWriter writer(
      outbox_, [](const ObjectKey&) { return StatusWriter::PoolFacts{}; }, {},
      [&](const std::string&) { ++failed; });
  writer.publish(pool_with_one_domain(), holding(), {});
  ASSERT_TRUE(eventually([&] { return failed == 1; }));
  writer.publish(pool_with_one_domain(), holding(), {});
  EXPECT_EQ(sent(), 2u);
}

TEST_F(ReportsTest, TheOutboxSendsTheLastOfEachAddressAndForgetsTheOldest) {
  std::mutex held;
  held.lock();
  script_.answer = [&](const http::Request&) {
    const std::lock_guard until_released(held);
    return http::Response{.status = 200};
  };
  std::atomic<int> lost = 0;
  const auto post = [&](const std::string& address, const std::string& target) {
    outbox_.post({.address = address,
                  .call = {.target = target},
                  .done = [&](const Result<std::string>& outcome) { lost += !outcome.ok(); }});
  };
  post("first", "/first");
  ASSERT_TRUE(eventually([&] { return script_.all_sent().size() == 1; }));
  for (const char* address : {"a", "b", "c", "d"}) post(address, std::string{"/old-"} + address);
  post("b", "/new-b");
  held.unlock();
  EXPECT_EQ(sent(), 4u);
  std::vector<std::string> targets;
  for (const auto& request : script_.all_sent()) targets.push_back(request.target);
  EXPECT_EQ(targets, (std::vector<std::string>{"/first", "/new-b", "/old-c", "/old-d"}));
  EXPECT_EQ(lost, 1);
  EXPECT_EQ(outbox_.lost(), 1u);
}

TEST_F(ReportsTest, AnExceptionCostsTheOutboxOneLetter) {
  script_.answer = [](const http::Request& request) -> Result<http::Response> {
    if (request.target == "/a") throw std::bad_alloc();
    return http::Response{.status = 200};
  };
  std::vector<std::string> outcomes;
  const auto post = [&](const std::string& target) {
    outbox_.post({.address = target,
                  .call = {.target = target},
                  .done = [&](const Result<std::string>& outcome) {
                    outcomes.push_back(outcome.ok() ? "sent" : outcome.error().message);
                    throw std::bad_alloc();
                  }});
  };
  post("/a");
  post("/b");
  EXPECT_EQ(sent(), 2u);
  EXPECT_EQ(outcomes, (std::vector<std::string>{"std::bad_alloc", "sent"}));
}

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
                   {.reason = "ScaledUp", .action = "Scale", .note = "from 2 to 5 replicas"}, kNow,
                   std::string(300, 'i'), "live.1");
  EXPECT_EQ(event["eventTime"], "2026-12-05T20:00:00.000000Z");
  EXPECT_EQ(event["type"], "Normal");
  EXPECT_EQ(event["regarding"]["uid"], "uid-live");
  EXPECT_EQ(event["metadata"]["name"], "live.1");
  EXPECT_EQ(event["reportingInstance"].get<std::string>().size(), 128u);
}

TEST(Shares, FollowDemandAsFarAsItIsKnown) {
  EXPECT_DOUBLE_EQ(first_share({300.0}), 1);
  EXPECT_DOUBLE_EQ(first_share({std::nullopt}), 1);
  EXPECT_DOUBLE_EQ(first_share({300.0, 100.0}), 0.75);
  EXPECT_DOUBLE_EQ(first_share({std::nullopt, 100.0, 300.0}), 200.0 / 600.0);
  EXPECT_DOUBLE_EQ(first_share({300.0, std::nullopt}), 0.5);
  EXPECT_DOUBLE_EQ(first_share({std::nullopt, std::nullopt}), 0.5);
  EXPECT_DOUBLE_EQ(first_share({0.0, 0.0, 0.0}), 1.0 / 3);
}

}  // namespace
}  // namespace edgetide::kube
