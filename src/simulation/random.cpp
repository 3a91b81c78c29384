#include "simulation/random.h"

#include <cmath>

#include "edgetide/core/assert.h"

namespace edgetide::simulation {
namespace {

/// Steele, Lea and Flood's SplitMix64 finalizer: every bit of the input reaches every bit out.
std::uint64_t mixed(std::uint64_t bits) {
  bits += 0x9e3779b97f4a7c15ULL;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31);
}

/// The deviation of a sum of four uniforms is sqrt(4 / 12) = 1 / sqrt(3).
constexpr double kSquareRootOf3 = 1.7320508075688772;

}  // namespace

double Random::uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Random::normal() {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += uniform();
  return sum;
}

int Random::below(int count) {
  EDGETIDE_ASSERT(count > 0, "a choice among none");
  return static_cast<int>(uniform() * count);
}

std::uint64_t derived_seed(std::uint64_t seed, std::uint64_t use) {
  return mixed(mixed(seed) ^ use);
}

double noise_at(std::uint64_t seed, std::int64_t index) {
  const std::uint64_t bits = mixed(seed ^ mixed(static_cast<std::uint64_t>(index)));
  double sum = -2;
  for (int part = 0; part < 4; ++part) {
    sum += static_cast<double>((bits >> (16 * part)) & 0xffff) / 65536.0;
  }
  return sum * kSquareRootOf3;
}

double smooth_noise_at(std::uint64_t seed, double position) {
  const double below = std::floor(position);
  const auto index = static_cast<std::int64_t>(below);
  const double share = position - below;
  return noise_at(seed, index) * (1 - share) + noise_at(seed, index + 1) * share;
}

}  // namespace edgetide::simulation
