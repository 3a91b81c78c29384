#include <benchmark/benchmark.h>

#include "simulation/closed_loop.h"
#include "simulation/night.h"
#include "support/nights.h"

namespace edgetide::simulation {
namespace {

/// Whole nights, one seed after another: reading and learning the past, every look, every promise
/// held against what is so. Items are looks.
void live_through(benchmark::State& bench, const controller::ReconcilerOptions& options) {
  std::uint64_t seed = 0;
  std::size_t looks = 0;
  for (auto _ : bench)
    looks += run(random_night(++seed), PolicyKind::kEdgetide, nullptr, options).looks;
  bench.SetItemsProcessed(static_cast<std::int64_t>(looks));
}

/// As the test suite lives through them: two weeks of the past.
void BM_Nights(benchmark::State& bench) { live_through(bench, testing_support::quick_to_learn()); }
BENCHMARK(BM_Nights)->Iterations(100)->Unit(benchmark::kMillisecond);

/// As `edgetide simulate` does: eight weeks of it.
void BM_NightsAfterEightWeeks(benchmark::State& bench) { live_through(bench, {}); }
BENCHMARK(BM_NightsAfterEightWeeks)->Iterations(40)->Unit(benchmark::kMillisecond);

/// The looks of those nights alone: not the first, which reads and learns the past.
void BM_Looks(benchmark::State& bench) {
  std::uint64_t seed = 0;
  std::size_t looks = 0;
  for (auto _ : bench) {
    bench.PauseTiming();
    const Scenario night = random_night(++seed);
    ClosedLoop loop(night, PolicyKind::kEdgetide, nullptr, testing_support::quick_to_learn());
    while (loop.recording().looks == 0 && loop.step()) {
    }
    looks -= loop.recording().looks;
    bench.ResumeTiming();
    while (loop.step()) {
    }
    looks += loop.recording().looks;
  }
  bench.SetItemsProcessed(static_cast<std::int64_t>(looks));
}
BENCHMARK(BM_Looks)->Iterations(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace edgetide::simulation
