#pragma once

#include <span>
#include <vector>

#include "edgetide/guard/guard.h"
#include "edgetide/guard/verify.h"

namespace edgetide::guard {

/// What stands between a recommendation and the fleet. Whoever puts a planner together chooses it;
/// the operator takes all there is, and the simulator shows of each what happens without it.
struct Safeguards {
  std::span<const Guard> guards = all_guards();
  std::vector<model::Violation> (*verify)(const GuardInputs& inputs,
                                          const Fleet& fleet) = &guard::verify;
};

}  // namespace edgetide::guard
