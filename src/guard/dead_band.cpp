#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

/// How long a rise is remembered once it serves, and the share of what stands that is worth turning
/// back for.
constexpr Seconds kTurnMemory{3000};
constexpr int kDeadBandPercent = 10;

Seconds memory_of(const GuardInputs& inputs) { return inputs.pool.lead_time + kTurnMemory; }

/// By how much the total changed when a target was last written; zero when that has served for
/// long.
int last_change(const GuardInputs& inputs) {
  const auto& events = inputs.memory.scale_events;
  int change = 0;
  for (const auto& event : events) {
    if (event.at == events.back().at && inputs.now - event.at <= memory_of(inputs)) {
      change += event.change;
    }
  }
  return change;
}

}  // namespace

Guarded dead_band(const GuardInputs& inputs, Fleet wanted) {
  const Fleet current = specified_fleet(inputs.observation);
  const int standing = total(current).count();
  const int fewer = standing - total(wanted).count();
  const bool turns = fewer > 0 && last_change(inputs) > 0;
  if (!turns || 100 * fewer >= kDeadBandPercent * standing) {
    return {.fleet = std::move(wanted), .verdict = std::nullopt};
  }
  return judged("dead-band", wanted, at_least(wanted, current), model::reason::kWithinDeadBand,
                std::to_string(fewer) +
                    " fewer would do, too few to turn back a rise within the last " +
                    to_string(memory_of(inputs)));
}

}  // namespace edgetide::guard
