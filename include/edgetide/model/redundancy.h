#pragma once

#include <string_view>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::model {

enum class Survive { kNone, kFailureDomain };

/// What must still be carried after a failure, in replicas that are Ready before it.
struct RedundancyPolicy {
  Survive survive = Survive::kFailureDomain;
  Replicas spare{0};  ///< Added to the need before `survive` is worked out.
  /// Coverage wanted of the window's highest demand by those that are left after the loss.
  double confidence = 0.95;
  /// Within what time the viewers of a lost domain come to the others.
  Seconds reconnect{90};
  /// How long a domain may serve nothing, or less than half of what is asked for, before the others
  /// carry what does not serve as well.
  Seconds rebuild_after{600};
};

[[nodiscard]] std::string_view to_string(Survive survive);  ///< As in the API: "FailureDomain".

}  // namespace edgetide::model
