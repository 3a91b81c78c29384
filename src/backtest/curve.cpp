#include "edgetide/backtest/curve.h"

#include <cmath>

namespace edgetide::backtest {
namespace {

/// Keeps the logarithm of no shortfall at all finite.
constexpr double kNone = 1e-9;

}  // namespace

std::optional<Ratio> cost_at(std::span<const Score> curve, Ratio shortfall) {
  std::optional<Ratio> best;
  const double target = shortfall.count();
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const double a = curve[i - 1].unserved.share().count() + kNone;
    const double b = curve[i].unserved.share().count() + kNone;
    if ((a - target) * (b - target) > 0) continue;
    const double share = a == b ? 0 : std::log(a / target) / std::log(a / b);
    const double low = curve[i - 1].cost.ratio().count();
    const double high = curve[i].cost.ratio().count();
    const Ratio cost{low + share * (high - low)};
    if (!best || cost < *best) best = cost;
  }
  return best;
}

}  // namespace edgetide::backtest
