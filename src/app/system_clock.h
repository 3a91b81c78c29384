#pragma once

#include "edgetide/ports/clock.h"

namespace edgetide::app {

/// The time of day of this machine: the one place that reads it for decisions.
class SystemClock final : public ports::Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  }
};

}  // namespace edgetide::app
