#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "edgetide/guard/guard.h"

namespace edgetide::guard {

[[nodiscard]] inline Replicas total(const Fleet& fleet) {
  return std::accumulate(fleet.begin(), fleet.end(), Replicas{});
}

/// The larger of both, domain by domain.
[[nodiscard]] inline Fleet at_least(Fleet fleet, const Fleet& other) {
  for (std::size_t i = 0; i < fleet.size(); ++i) fleet[i] = std::max(fleet[i], other[i]);
  return fleet;
}

/// `fleet`, with a verdict when it is not what came in.
[[nodiscard]] inline Guarded judged(const char* guard, const Fleet& before, Fleet fleet,
                                    const char* reason, std::string detail) {
  if (fleet == before) return {.fleet = std::move(fleet), .verdict = std::nullopt};
  model::GuardVerdict verdict{.guard = guard,
                              .before = total(before),
                              .after = total(fleet),
                              .reason = reason,
                              .detail = std::move(detail)};
  return {.fleet = std::move(fleet), .verdict = std::move(verdict)};
}

/// Brings the rises of `fleet` over `base` down until its total is at most `most`; the fullest
/// domains give first.
inline void trim_rises(Fleet& fleet, const Fleet& base, Replicas most) {
  for (Replicas excess = total(fleet) - most; excess > Replicas{0}; excess -= Replicas{1}) {
    std::size_t fullest = fleet.size();
    for (std::size_t i = 0; i < fleet.size(); ++i) {
      if (fleet[i] <= base[i]) continue;
      if (fullest == fleet.size() || fleet[i] >= fleet[fullest]) fullest = i;
    }
    if (fullest == fleet.size()) return;
    fleet[fullest] -= Replicas{1};
  }
}

/// Gives back to the domains that lose most, until the total is at least `least`.
inline void give_back(Fleet& fleet, const Fleet& base, Replicas least) {
  for (Replicas lack = least - total(fleet); lack > Replicas{0}; lack -= Replicas{1}) {
    std::size_t hardest_hit = fleet.size();
    for (std::size_t i = 0; i < fleet.size(); ++i) {
      if (fleet[i] >= base[i]) continue;
      if (hardest_hit == fleet.size() ||
          base[i] - fleet[i] > base[hardest_hit] - fleet[hardest_hit]) {
        hardest_hit = i;
      }
    }
    if (hardest_hit == fleet.size()) return;
    fleet[hardest_hit] += Replicas{1};
  }
}

}  // namespace edgetide::guard
