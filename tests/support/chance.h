#pragma once

#include <cstdint>
#include <random>

namespace edgetide::testing_support {

/// Draws of a property test, the same for the same seed.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  /// Both ends included.
  int whole(int least, int most) {
    return least + static_cast<int>(engine_() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool one_in(int n) { return whole(1, n) == 1; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace edgetide::testing_support
