#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>

#include "edgetide/forecast/demand_forecaster.h"
#include "edgetide/planning/capacity_outlook.h"
#include "edgetide/planning/plan.h"
#include "support/pools.h"

namespace edgetide::planning {
namespace {

using namespace testing_support;

/// Four weeks of days with a match every evening, by the minute.
forecast::ForecastState learned(const forecast::Context& context) {
  std::vector<model::DemandSample> samples;
  for (Instant at = kEvening - std::chrono::weeks{4}; at < kEvening; at += Seconds{60}) {
    const double day = static_cast<double>(at.time_since_epoch().count()) / 86'400;
    samples.push_back({at, Viewers{20'000 * (1.2 + std::sin(2 * std::numbers::pi * day))}});
  }
  return forecast::learn(samples, context);
}

model::EdgePool with_domains(std::size_t domains) {
  auto pool = three_domains();
  for (std::size_t i = pool.domains.size(); i < domains; ++i) {
    pool.domains.push_back(pool.domains.front());
    pool.domains.back().name = "domain-" + std::to_string(i);
  }
  return pool;
}

model::EventCalendar a_match_every_evening() {
  std::vector<model::StreamEvent> events;
  for (int day = -28; day < 2; ++day) {
    events.push_back({.name = "match",
                      .event_class = "match",
                      .start = kEvening + std::chrono::days{day} + std::chrono::minutes{20},
                      .duration = std::chrono::minutes{115}});
  }
  return model::EventCalendar(std::move(events));
}

void BM_Plan(benchmark::State& bench) {
  const auto domains = static_cast<std::size_t>(bench.range(0));
  const auto pool = with_domains(domains);
  const auto observation = observed(pool, std::vector<int>(domains, 10), fresh(15'000));
  const auto calendar = a_match_every_evening();
  const model::UtcOffsets offsets;
  const auto state = learned({calendar, offsets});
  const model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  for (auto _ : bench) {
    benchmark::DoNotOptimize(plan({.pool = pool,
                                   .observation = observation,
                                   .forecast_state = state,
                                   .calendar = calendar,
                                   .offsets = offsets,
                                   .memory = memory},
                                  kEvening));
  }
}
BENCHMARK(BM_Plan)->ArgName("domains")->Arg(3)->Arg(20)->Unit(benchmark::kMicrosecond);

void BM_CapacityOutlook(benchmark::State& bench) {
  const auto domains = static_cast<std::size_t>(bench.range(0));
  const auto pool = with_domains(domains);
  const auto observation = observed(pool, std::vector<int>(domains, 10), fresh(15'000));
  const auto calendar = a_match_every_evening();
  const model::UtcOffsets offsets;
  const auto state = learned({calendar, offsets});
  for (auto _ : bench) {
    benchmark::DoNotOptimize(
        capacity_outlook({pool, observation, calendar}, state, offsets, kEvening));
  }
}
BENCHMARK(BM_CapacityOutlook)->ArgName("domains")->Arg(3)->Arg(20)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace edgetide::planning
