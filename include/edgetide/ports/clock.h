#pragma once

#include "edgetide/core/time.h"

namespace edgetide::ports {

/// The only source of the time of day; real in the operator, virtual in simulations.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

}  // namespace edgetide::ports
