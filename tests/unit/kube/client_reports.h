#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>

#include "client_fake_transport.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/plan_report.h"
#include "kube/outbox.h"

namespace edgetide::kube {

inline const Instant kReportedAt = *parse_instant("2026-12-05T20:00:00Z");

inline model::EdgePool pool_with_one_domain() {
  model::EdgePool pool;
  pool.key = {"video", "live"};
  pool.uid = "uid-live";
  pool.generation = 2;
  pool.domains = {{.name = "a", .target = {"apps/v1", "Deployment", "edge-a"}}};
  pool.capacity.viewers = Viewers{100};
  return pool;
}

inline model::PlanReport holding() {
  model::PlanReport report;
  report.pool = {"video", "live"};
  report.at = kReportedAt;
  report.observation.demand.viewers = {
      .freshness = model::Freshness::kFresh, .value = 1000, .at = kReportedAt};
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
      : client_(std::make_unique<testing::FakeTransport>(script_), {}, {.max_attempts = 1}),
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

  testing::FakeTransport::Script script_;
  Client client_;
  Outbox outbox_;
};

}  // namespace edgetide::kube
