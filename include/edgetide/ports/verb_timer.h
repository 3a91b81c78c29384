#pragma once

#include <chrono>
#include <string_view>

namespace edgetide::ports {

/// Told how long each step of a reconcile took.
class VerbTimer {
 public:
  virtual ~VerbTimer() = default;

  /// `verb` is one of "observe", "learn", "plan", "act", "report".
  virtual void took(std::string_view verb, std::chrono::nanoseconds duration) = 0;
};

}  // namespace edgetide::ports
