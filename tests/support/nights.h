#pragma once

#include "edgetide/controller/reconciler.h"

namespace edgetide::testing_support {

/// Two weeks of the past are enough to know days from weeks, and quick to learn.
inline controller::ReconcilerOptions quick_to_learn() {
  controller::ReconcilerOptions options;
  options.past = {.span = Seconds{14 * 86'400},
                  .step = Seconds{300},
                  .recent_span = Seconds{3600},
                  .recent_step = Seconds{60}};
  return options;
}

}  // namespace edgetide::testing_support
