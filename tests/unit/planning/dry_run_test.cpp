#include "edgetide/planning/dry_run.h"

#include <gtest/gtest.h>

#include "edgetide/forecast/demand_forecaster.h"
#include "support/pools.h"

namespace edgetide::planning {
namespace {

using namespace testing_support;

/// A dry run over a fleet that nobody scales, looked at every 15 s.
struct DryRun {
  model::EdgePool pool = three_domains();
  std::vector<int> standing{4, 4, 4};  // carry 12,000 when fully used
  model::PlanMemory memory;
  ShadowFleet shadow;
  model::DryRunWorth worth;
  Instant now = kEvening;

  DryRun() { pool.mode = model::Mode::kDryRun; }

  PlanResult look(const model::Reading& viewers) {
    const auto observation = observed(pool, standing, viewers);
    auto result = plan_dry_run({.pool = pool,
                                .observation = observation,
                                .forecast_state = {},
                                .calendar = {},
                                .offsets = {},
                                .memory = memory},
                               shadow, now);
    memory = result.memory;
    if (result.report.dry_run) worth += *result.report.dry_run;
    now += Seconds{15};
    return result;
  }
};

TEST(DryRun, TheShadowRisesALeadTimeLaterAndWhatStandsStaysShort) {
  DryRun run;
  for (int i = 0; i <= 80; ++i) run.look(fresh(15'000, run.now));  // 20 minutes
  EXPECT_EQ(run.worth.judged, Seconds{1200});
  EXPECT_EQ(run.worth.standing.short_for, Seconds{1200});
  EXPECT_NEAR(run.worth.standing.short_viewer_seconds, 1200 * 3000.0, 1);
  EXPECT_NEAR(run.worth.standing.replica_seconds, 1200 * 12.0, 1);
  // Ordered at the first look, serving 300 s later: the look of that moment no longer is short.
  EXPECT_EQ(run.worth.planned.short_for, Seconds{285});
  EXPECT_GT(run.worth.planned.replica_seconds, run.worth.standing.replica_seconds);
}

TEST(DryRun, TheDecisionThatIsToldIsOnWhatStands) {
  DryRun run;
  for (int i = 0; i < 10; ++i) {
    const auto report = run.look(fresh(15'000, run.now)).report;
    EXPECT_EQ(report.plan.total_from(), Replicas{12});
    EXPECT_EQ(report.plan.action, model::Action::kScaleUp);
  }
}

TEST(DryRun, WhatIsNotKnownIsNotJudged) {
  DryRun run;
  EXPECT_EQ(run.look(fresh(15'000, run.now)).report.dry_run->judged, Seconds{0});
  EXPECT_FALSE(run.look({.freshness = model::Freshness::kMissing}).report.dry_run);
  run.now += Seconds{3600};
  EXPECT_EQ(run.look(fresh(15'000, run.now)).report.dry_run->judged, Seconds{60});
}

TEST(DryRun, OtherDomainsBeginAnew) {
  DryRun run;
  run.look(fresh(15'000, run.now));
  run.pool.domains[2].name = "d";
  EXPECT_EQ(run.look(fresh(15'000, run.now)).report.dry_run->judged, Seconds{0});
  EXPECT_EQ(run.shadow.specified.size(), 3u);
}

}  // namespace
}  // namespace edgetide::planning
