#include <edgetide/planning/plan.h>

#include <cstdio>

/// Plans for a pool of one domain whose demand is known: 3,000 viewers on replicas of 1,000 at 75
/// %.
int main() {
  using namespace edgetide;
  model::EdgePool pool;
  pool.key = {"video", "live-edge"};
  pool.domains = {{.name = "a", .target = {"apps/v1", "Deployment", "edge"}}};
  pool.capacity.viewers = Viewers{1000};
  pool.redundancy.survive = model::Survive::kNone;

  const Instant now{Seconds{1'800'000'000}};
  model::Observation observation;
  observation.demand.viewers = {.freshness = model::Freshness::kFresh, .value = 3000, .at = now};
  observation.domains = {
      {.name = "a", .known = true, .specified = Replicas{1}, .ready = Replicas{1}}};
  const auto planned = planning::plan({.pool = pool,
                                       .observation = observation,
                                       .forecast_state = {},
                                       .calendar = {},
                                       .offsets = {},
                                       .memory = {}},
                                      now);
  std::puts(planned.report.summary.c_str());
  return planned.report.plan.total_to() >= Replicas{4} ? 0 : 1;
}
