#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

/// That many in total, as evenly as may be: rises fill the emptiest domains, falls take from the
/// fullest.
Fleet fixed(const GuardInputs& inputs, Replicas replicas) {
  const Fleet current = specified_fleet(inputs.observation);
  const Fleet limits = at_least(model::domain_limits(inputs.pool), current);
  if (replicas >= total(current)) return raised_to(current, replicas, limits);
  return raised_to(Fleet(current.size(), Replicas{0}), replicas, current);
}

}  // namespace

std::optional<Replicas> fixed_by_pause(const GuardInputs& inputs) {
  const auto pause = model::in_force(inputs.pool.pause, inputs.now);
  return pause ? pause->replicas : std::nullopt;
}

Guarded pause(const GuardInputs& inputs, Fleet wanted) {
  const auto pause = model::in_force(inputs.pool.pause, inputs.now);
  if (!pause) return unchanged(std::move(wanted));
  const std::string until = "paused until " + to_string(pause->until);
  if (pause->replicas) {
    return judged("pause", wanted, fixed(inputs, *pause->replicas), model::reason::kPaused,
                  until + " at " + std::to_string(pause->replicas->count()) + " replicas");
  }
  return judged("pause", wanted, at_least(specified_fleet(inputs.observation), inputs.floor),
                model::reason::kPaused,
                until + ": what stands stays, and only the viewers of this moment may raise it");
}

}  // namespace edgetide::guard
