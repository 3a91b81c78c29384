#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace edgetide::forecast {

/// A linear answer to `N` features, learned a pair at a time while old pairs fade.
///
/// The normal equations themselves are kept and fade, A <- f A + v x x', b <- f b + v x y, and are
/// solved with a pull towards a prior answer: w = (A + r I)^-1 (b + r prior). Recursive least
/// squares with forgetting, the common shortcut, winds up in quiet days and explodes on the first
/// loud one; this form cannot, since the pull stays as strong as on the first day.
template <std::size_t N>
struct Ridge {
  using Vector = std::array<float, N>;

  std::array<float, N*(N + 1) / 2> a{};  ///< Lower triangle by rows.
  Vector b{};
  Vector weights{};

  bool operator==(const Ridge&) const = default;

  /// The answer to `x` by the weights last solved for.
  [[nodiscard]] double predict(const Vector& x) const {
    double sum = 0;
    for (std::size_t i = 0; i < N; ++i) sum += static_cast<double>(weights[i]) * x[i];
    return sum;
  }

  /// Notes that `x` had the answer `y`; what was known before counts `fade` as much as it did.
  void learn(const Vector& x, float y, float weight, float fade) {
    // Rows of full length, of which the next one overwrites what is beyond the triangle: loops of
    // fixed length become few wide instructions.
    std::array<float, N*(N + 1) / 2> pairs;
    for (std::size_t i = 0; i < N; ++i) {
      const float scaled = weight * x[i];
      for (std::size_t j = 0; j < N; ++j) pairs[start_of(i) + j] = scaled * x[j];
      b[i] = b[i] * fade + scaled * y;
    }
    for (std::size_t k = 0; k < a.size(); ++k) a[k] = a[k] * fade + pairs[k];
  }

  /// Solves for the weights by Cholesky's factors; \pre pull > 0. Unrolled, since loops this short
  /// cost more than what is done in them.
  void solve(const Vector& prior, double pull) {
    std::array<double, N*(N + 1) / 2> factors;
    std::array<double, N> solution;
    double* const l = factors.data();
    double* const z = solution.data();
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) {
      const float* known = a.data() + start_of(i);
      double* row = l + start_of(i);
      for (std::size_t j = 0; j <= i; ++j) {
        const double* above = l + start_of(j);
        double sum = known[j] + (i == j ? pull : 0.0);
        for (std::size_t k = 0; k < j; ++k) sum -= row[k] * above[k];
        row[j] = i == j ? std::sqrt(std::max(sum, 1e-9)) : sum / above[j];
      }
      double rest = b[i] + pull * prior[i];
      for (std::size_t k = 0; k < i; ++k) rest -= row[k] * z[k];
      z[i] = rest / row[i];
    }
    for (std::size_t i = N; i-- > 0;) {
#pragma GCC unroll 8
      for (std::size_t k = i + 1; k < N; ++k) z[i] -= l[start_of(k) + i] * z[k];
      z[i] /= l[start_of(i) + i];
      weights[i] = static_cast<float>(z[i]);
    }
  }

 private:
  /// Where row `i` of a lower triangle begins.
  static constexpr std::size_t start_of(std::size_t i) { return i * (i + 1) / 2; }
};

}  // namespace edgetide::forecast
