#include "edgetide/forecast/student_t.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace edgetide::forecast {
namespace {

constexpr int kFewest = 2;
constexpr int kMost = 16;
constexpr std::array kLevels{0.5,   0.6,   0.75,  0.9,    0.95,   0.98,   0.99,
                             0.995, 0.998, 0.999, 0.9995, 0.9999, 0.99999};

using Row = std::array<double, kLevels.size()>;

/// ln(1 - level).
Row logs_of_levels() {
  Row logs;
  std::ranges::transform(kLevels, logs.begin(), [](double level) { return std::log(1 - level); });
  return logs;
}

/// P(|T| <= sqrt(degrees) tan(angle)).
double central_probability(double angle, int degrees) {
  const double cosine = std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? cosine : 1.0;
  double sum = term;
  for (int k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= cosine * cosine * (k - 1) / k;
    sum += term;
  }
  const double even_part = std::sin(angle) * sum;
  return odd ? 2 / std::numbers::pi * (angle + even_part) : even_part;
}

double solve(double confidence, int degrees) {
  double low = 0;
  double high = std::numbers::pi / 2;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (central_probability(middle, degrees) < 2 * confidence - 1 ? low : high) = middle;
  }
  return std::sqrt(degrees) * std::tan(low);
}

std::array<Row, kMost - kFewest + 1> tabulate() {
  std::array<Row, kMost - kFewest + 1> table;
  for (int degrees = kFewest; degrees <= kMost; ++degrees) {
    for (std::size_t i = 0; i < kLevels.size(); ++i)
      table[degrees - kFewest][i] = solve(kLevels[i], degrees);
  }
  return table;
}

}  // namespace

double student_t_quantile(double confidence, int degrees) {
  static const auto table = tabulate();
  static const Row logs = logs_of_levels();
  const Row& row = table[std::clamp(degrees, kFewest, kMost) - kFewest];
  if (!(confidence > kLevels.front())) return row.front();
  if (confidence >= kLevels.back()) return row.back();
  const auto above = std::ranges::upper_bound(kLevels, confidence);
  const auto i = static_cast<std::size_t>(above - kLevels.begin());
  if (confidence == kLevels[i - 1]) return row[i - 1];
  const double share = (std::log(1 - confidence) - logs[i - 1]) / (logs[i] - logs[i - 1]);
  return row[i - 1] + share * (row[i] - row[i - 1]);
}

}  // namespace edgetide::forecast
