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

}  // namespace
}  // namespace edgetide::telemetry
