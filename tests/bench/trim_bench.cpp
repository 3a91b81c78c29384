#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdlib>
#include <random>
#include <vector>

/// What malloc_trim costs a process as large as the operator, set up as `edgetide operator` sets
/// itself up: a third of its small blocks was needed at the start alone, and a tenth has been
/// replaced since the time before.
namespace {

class Blocks {
 public:
  explicit Blocks(std::size_t bytes) {
    for (std::size_t held = 0; held < bytes;) {
      const std::size_t size = next_size();
      blocks_.push_back(allocate(size));
      held += size;
    }
    for (std::size_t i = 0; i < blocks_.size() / 3; ++i) {
      void*& block = blocks_[random_() % blocks_.size()];
      std::free(block);
      block = nullptr;
    }
  }
  ~Blocks() {
    for (void* block : blocks_) std::free(block);
  }

  void replace_a_tenth() {
    for (std::size_t i = 0; i < blocks_.size() / 10; ++i) {
      void*& block = blocks_[random_() % blocks_.size()];
      std::free(block);
      block = allocate(next_size());
    }
  }

 private:
  /// From 16 bytes to 4 KB.
  std::size_t next_size() { return std::size_t{16} << (random_() % 9); }
  static void* allocate(std::size_t size) {
    auto* block = static_cast<char*>(std::malloc(size));
    block[size - 1] = 1;
    return block;
  }

  std::mt19937 random_{1};
  std::vector<void*> blocks_;
};

void Trim(benchmark::State& state) {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  Blocks blocks(static_cast<std::size_t>(state.range(0)) << 20);
  for (auto _ : state) {
    state.PauseTiming();
    blocks.replace_a_tenth();
    state.ResumeTiming();
    malloc_trim(0);
  }
}
BENCHMARK(Trim)
    ->ArgName("megabytes")
    ->Arg(60)
    ->Arg(400)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(20);

}  // namespace
