#pragma once

#include <vector>

#include "edgetide/guard/guard.h"

namespace edgetide::guard {

/// Checks a finished fleet against every promise, from the inputs alone and without the guards'
/// code. Anything it finds is a bug of this program; the plan is then replaced by holding.
[[nodiscard]] std::vector<model::Violation> verify(const GuardInputs& inputs, const Fleet& fleet);

}  // namespace edgetide::guard
