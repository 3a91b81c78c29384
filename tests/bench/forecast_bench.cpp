#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>

#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::forecast {
namespace {

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
const model::UtcOffsets kUtc;

/// Two seasons and a little noise.
std::vector<model::DemandSample> weeks(int count, std::chrono::minutes step) {
  std::vector<model::DemandSample> samples;
  std::uint32_t noise = 1;
  for (Instant at = kStart; at < kStart + std::chrono::weeks{count}; at += step) {
    const double day = static_cast<double>((at - kStart).count()) / 86400;
    noise = noise * 1664525U + 1013904223U;
    const double log = 9 + 0.8 * std::sin(2 * std::numbers::pi * day) +
                       0.2 * std::sin(2 * std::numbers::pi * day / 7) + noise * 1e-11;
    samples.push_back({at, Viewers{std::exp(log)}});
  }
  return samples;
}

/// A match every evening.
model::EventCalendar evenings(int days) {
  std::vector<model::StreamEvent> events;
  for (int day = 0; day < days; ++day)
    events.push_back({.name = "match " + std::to_string(day),
                      .event_class = "match",
                      .start = kStart + std::chrono::days{day} + std::chrono::hours{20},
                      .duration = std::chrono::minutes{115}});
  return model::EventCalendar(std::move(events));
}

void BM_LearnEightWeeksOfFiveMinutes(benchmark::State& bench) {
  const auto samples = weeks(8, std::chrono::minutes{5});
  const auto calendar = evenings(bench.range(0) != 0 ? 60 : 0);
  for (auto _ : bench) benchmark::DoNotOptimize(learn(samples, {calendar, kUtc}));
}
BENCHMARK(BM_LearnEightWeeksOfFiveMinutes)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void BM_Fit(benchmark::State& bench) {
  const auto samples = weeks(8, std::chrono::minutes{5});
  const model::EventCalendar calendar;
  for (auto _ : bench) benchmark::DoNotOptimize(fit({}, samples, calendar, kUtc));
}
BENCHMARK(BM_Fit)->Unit(benchmark::kMillisecond);

/// In the hours of an evening's match, or far from one.
void BM_WindowPeak(benchmark::State& bench) {
  const auto samples = weeks(2, std::chrono::minutes{1});
  const auto calendar = evenings(20);
  const Context context{calendar, kUtc};
  const auto quiet_end = samples.size() - (bench.range(0) != 0 ? 245 : 720);
  const auto state = learn({samples.data(), quiet_end}, context);
  const Instant now = samples[quiet_end].at;
  for (auto _ : bench)
    benchmark::DoNotOptimize(window_peak(state, {now, Seconds{315}, 0.99}, context));
}
BENCHMARK(BM_WindowPeak)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void BM_AdvanceOneMinute(benchmark::State& bench) {
  const auto samples = weeks(2, std::chrono::minutes{1});
  const auto calendar = evenings(20);
  const Context context{calendar, kUtc};
  auto state = learn({samples.data(), samples.size() / 2}, context);
  std::size_t next = samples.size() / 2;
  for (auto _ : bench) {
    advance(state, {&samples[next], 1}, context);
    if (++next == samples.size()) bench.SkipWithError("samples used up");
  }
}
BENCHMARK(BM_AdvanceOneMinute)->Iterations(10000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace edgetide::forecast
