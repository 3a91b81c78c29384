#include "edgetide/core/grouped.h"
#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {

/// Says so also where nothing would be lowered: it is the source that somebody has to look at.
Guarded sudden_fall(const GuardInputs& inputs, Fleet wanted) {
  const auto& fall = inputs.doubted_fall;
  if (!fall) return unchanged(std::move(wanted));
  Fleet kept = at_least(wanted, specified_fleet(inputs.observation));
  model::GuardVerdict verdict{
      .guard = "sudden-fall",
      .before = total(wanted),
      .after = total(kept),
      .reason = model::reason::kSuddenFall,
      .detail = "nothing is lowered until " + to_string(fall->until) + ": at " +
                clock_text(fall->at) + " the viewers, who were " + grouped(fall->before.count()) +
                ", fell faster than any audience leaves, while " + fall->event +
                " goes on: rather the source is wrong, as long as egress, requests or connections "
                "do not fall with them"};
  return {.fleet = std::move(kept), .verdict = std::move(verdict)};
}

}  // namespace edgetide::guard
