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
    float* entry = a.data();
    for (std::size_t i = 0; i < N; ++i) {
      const float scaled = weight * x[i];
      for (std::size_t j = 0; j <= i; ++j, ++entry) *entry = *entry * fade + scaled * x[j];
      b[i] = b[i] * fade + scaled * y;
    }
  }

  /// Solves for the weights by Cholesky's factors; \pre pull > 0.
  void solve(const Vector& prior, double pull) {
    std::array<double, N*(N + 1) / 2> l;
    std::array<double, N> z;
    const auto at = [](std::size_t i, std::size_t j) { return i * (i + 1) / 2 + j; };
    for (std::size_t i = 0; i < N; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = a[at(i, j)] + (i == j ? pull : 0.0);
        for (std::size_t k = 0; k < j; ++k) sum -= l[at(i, k)] * l[at(j, k)];
        l[at(i, j)] = i == j ? std::sqrt(std::max(sum, 1e-9)) : sum / l[at(j, j)];
      }
      double rest = b[i] + pull * prior[i];
      for (std::size_t k = 0; k < i; ++k) rest -= l[at(i, k)] * z[k];
      z[i] = rest / l[at(i, i)];
    }
    for (std::size_t i = N; i-- > 0;) {
      for (std::size_t k = i + 1; k < N; ++k) z[i] -= l[at(k, i)] * z[k];
      z[i] /= l[at(i, i)];
      weights[i] = static_cast<float>(z[i]);
    }
  }
};

}  // namespace edgetide::forecast
