#include <benchmark/benchmark.h>

#include "simulation/closed_loop.h"
#include "simulation/night.h"
#include "support/nights.h"

namespace edgetide::simulation {
namespace {

/// Counts reconciles, each of one pool: a look at a night with tiers is one of each.
class Reconciles final : public ports::ReportSink {
 public:
  void publish(const model::EdgePool&, const model::PlanReport&,
               const ports::ActOutcome&) override {
    ++count_;
  }
  void forget(const ObjectKey&) override {}
  [[nodiscard]] std::int64_t count() const { return count_; }

 private:
  std::int64_t count_ = 0;
};

/// Whole nights, one seed after another: reading and learning the past, every look, every promise
/// held against what is so. Items are reconciles.
void live_through(benchmark::State& bench, const controller::ReconcilerOptions& options) {
  std::uint64_t seed = 0;
  Reconciles reconciles;
  for (auto _ : bench)
    benchmark::DoNotOptimize(
        run(random_night(++seed), PolicyKind::kEdgetide, &reconciles, options).looks);
  bench.SetItemsProcessed(reconciles.count());
}

/// As the test suite lives through them: two weeks of the past.
void BM_Nights(benchmark::State& bench) { live_through(bench, testing_support::quick_to_learn()); }
BENCHMARK(BM_Nights)->Iterations(100)->Unit(benchmark::kMillisecond);

/// As `edgetide simulate` does: eight weeks of it.
void BM_NightsAfterEightWeeks(benchmark::State& bench) { live_through(bench, {}); }
BENCHMARK(BM_NightsAfterEightWeeks)->Iterations(40)->Unit(benchmark::kMillisecond);

/// The reconciles of those nights alone: not the first look, which reads and learns the past.
void BM_Reconciles(benchmark::State& bench) {
  std::uint64_t seed = 0;
  std::int64_t count = 0;
  for (auto _ : bench) {
    bench.PauseTiming();
    const Scenario night = random_night(++seed);
    Reconciles reconciles;
    ClosedLoop loop(night, PolicyKind::kEdgetide, &reconciles, testing_support::quick_to_learn());
    while (loop.recording().looks == 0 && loop.step()) {
    }
    count -= reconciles.count();
    bench.ResumeTiming();
    while (loop.step()) {
    }
    count += reconciles.count();
  }
  bench.SetItemsProcessed(count);
}
BENCHMARK(BM_Reconciles)->Iterations(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace edgetide::simulation
