#include <chrono>
#include <iostream>

#include "app/cluster_metrics.h"
#include "edgetide/model/reasons.h"
#include "support/pools.h"
#include "telemetry/metrics.h"

/// Prints an exposition in which every metric has a series with all of its labels: what
/// scripts/generate-docs makes the page of metrics from.
namespace edgetide {
namespace {

using testing_support::kEvening;

model::PlanReport everything_told(const model::EdgePool& pool) {
  model::PlanReport report{.pool = pool.key, .mode = model::Mode::kDryRun, .at = kEvening};
  report.observation = testing_support::observed(pool, {4, 5, 6}, testing_support::fresh(1'000));
  for (auto& domain : report.observation.domains) {
    domain.start_time = Seconds{95};
    report.plan.domains.push_back({domain.name, domain.specified, domain.specified});
  }
  report.observation.demand.bitrate = BitsPerSecond{4e6};
  report.draws.emplace();
  report.drawn.emplace();
  report.peak = {
      .stage = model::ForecastStage::kWeekly, .median = Viewers{7}, .quantile = Viewers{9}};
  report.spare_viewers.assign(pool.domains.size(), Viewers{7});
  report.reserve_missing = model::Fleet(pool.domains.size(), Replicas{1});
  report.pause = {.until = kEvening, .replicas = std::nullopt};
  report.outlook = {.shortfalls = {{.egress = BitsPerSecond{1e9},
                                    .required = Replicas{9},
                                    .cause = model::reason::kMaximumReached}}};
  report.accuracy = {{.forecaster = model::Forecaster::kEdgetide, .window = Seconds{360}}};
  report.dry_run.emplace();
  report.conditions = {{.type = "RedundancyMet"}};
  return report;
}

kube::Statistics everything_counted() {
  kube::Statistics all{.requests = {{{"update", "deployments/scale", 200}, 1}}};
  all.watches["edgepools"] = {.synced = true};
  return all;
}

}  // namespace
}  // namespace edgetide

int main() {
  using namespace edgetide;
  const auto pool = testing_support::three_domains();
  telemetry::Metrics metrics("1.0");
  metrics.set_leads(true);
  metrics.set_store_healthy(true);
  metrics.set_spec_problems({{pool.key, 0}});
  metrics.set_calendars_ready({{pool.key, true}});
  metrics.took("plan", std::chrono::milliseconds{1});
  metrics.publish(pool, everything_told(pool),
                  {{{.name = "a", .from = Replicas{2}, .to = Replicas{8}, .result = {}}}});
  std::cout << metrics.exposition() << app::cluster_exposition(everything_counted());
}
