#include "client_reports.h"

#include <algorithm>

#include "kube/status_writer.h"

namespace edgetide::kube {
namespace {

using testing::eventually;

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

TEST(StatusDigest, AShortfallThatGrowsIsWorthAWrite) {
  const auto missing = [](int replicas) {
    auto report = holding();
    report.shortfall = model::Shortfall{.required = Replicas{100 + replicas},
                                        .granted = Replicas{100},
                                        .cause = "ReplicasNotReady"};
    return digest_of(pool_with_one_domain(), report, {});
  };
  EXPECT_FALSE(is_worth_writing(missing(41), missing(40)));
  EXPECT_TRUE(is_worth_writing(missing(42), missing(40)));
  EXPECT_TRUE(is_worth_writing(missing(38), missing(40)));
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

}  // namespace
}  // namespace edgetide::kube
