#pragma once

#include <cstdint>
#include <random>

#include "edgetide/core/time.h"

namespace edgetide::simulation {

/// Chance that is the same on every machine: the standard fixes the engine's bits but not what its
/// distributions make of them, so these are our own, in plain arithmetic.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// In [0, 1).
  [[nodiscard]] double uniform();
  /// In [low, high).
  [[nodiscard]] double uniform(double low, double high);
  /// Mean 0, deviation 1, within +-6: the sum of twelve uniforms less six (Irwin-Hall).
  [[nodiscard]] double normal();
  /// One of 0 .. count - 1. \pre count > 0
  [[nodiscard]] int below(int count);
  /// True in that share of all cases.
  [[nodiscard]] bool chance(double share) { return uniform() < share; }
  /// In [least, most], in whole seconds.
  [[nodiscard]] Seconds between(Seconds least, Seconds most) {
    return least + Seconds{below(static_cast<int>((most - least).count()) + 1)};
  }

 private:
  std::mt19937_64 engine_;
};

/// A seed for one named use of a seed, so that one use's draws never shift another's.
[[nodiscard]] std::uint64_t derived_seed(std::uint64_t seed, std::uint64_t use);

/// Noise that can be asked for at any index in any order: mean 0, deviation 1, within +-3.5.
[[nodiscard]] double noise_at(std::uint64_t seed, std::int64_t index);

/// The same, with straight lines between indices: `position` 2.5 is half way from 2 to 3.
[[nodiscard]] double smooth_noise_at(std::uint64_t seed, double position);

}  // namespace edgetide::simulation
