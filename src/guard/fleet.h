#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "edgetide/guard/guard.h"

namespace edgetide::guard {

using model::at_least;
using model::raised_to;
using model::total;

/// What a guard has nothing to say of.
[[nodiscard]] inline Guarded unchanged(Fleet fleet) {
  return {.fleet = std::move(fleet), .verdict = std::nullopt};
}

/// `fleet`, with a verdict when it is not what came in.
[[nodiscard]] inline Guarded judged(const char* guard, const Fleet& before, Fleet fleet,
                                    const char* reason, std::string detail) {
  if (fleet == before) return unchanged(std::move(fleet));
  model::GuardVerdict verdict{.guard = guard,
                              .before = total(before),
                              .after = total(fleet),
                              .reason = reason,
                              .detail = std::move(detail)};
  return {.fleet = std::move(fleet), .verdict = std::move(verdict)};
}

/// `fleet` with its rises over `base` brought down until the total is at most `most`; the fullest
/// domains give first.
[[nodiscard]] inline Fleet trimmed_rises(const Fleet& fleet, const Fleet& base, Replicas most) {
  Fleet kept = fleet;
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = std::min(fleet[i], base[i]);
  return raised_to(kept, most, fleet);
}

/// `fleet` with its falls below `base` made smaller until the total is at least `least`; the
/// hardest hit domains get back first.
[[nodiscard]] inline Fleet trimmed_falls(const Fleet& fleet, const Fleet& base, Replicas least) {
  Fleet falls = fleet;
  for (std::size_t i = 0; i < falls.size(); ++i)
    falls[i] = std::max(Replicas{0}, base[i] - fleet[i]);
  const Replicas allowed = std::max(Replicas{0}, total(falls) - (least - total(fleet)));
  const Fleet smaller = raised_to(Fleet(falls.size(), Replicas{0}), allowed, falls);
  Fleet trimmed = fleet;
  for (std::size_t i = 0; i < falls.size(); ++i) trimmed[i] += falls[i] - smaller[i];
  return trimmed;
}

/// Replicas of the domain that have all found no node for longer than a lead time, and go first
/// when it is lowered: they do not serve, and nobody knows whether they ever will. None of a kind
/// whose controller takes others, such as a StatefulSet's, nor while there are more than asked for,
/// as in a rollout.
[[nodiscard]] inline Replicas unplaced(const GuardInputs& inputs, std::size_t domain) {
  const auto& seen = inputs.observation.domains[domain];
  const auto& waiting = seen.unschedulable;
  const std::string& kind = inputs.pool.domains[domain].target.kind;
  const bool go_first = (kind == "Deployment" || kind == "ReplicaSet") &&
                        seen.ready + seen.starting <= seen.specified;
  const bool long_ago = waiting && inputs.now - inputs.pool.lead_time > waiting->all_since;
  return go_first && long_ago ? waiting->replicas : Replicas{0};
}

}  // namespace edgetide::guard
