#pragma once

#include <csignal>

namespace edgetide::app {

/// Holds back SIGTERM and SIGINT in the calling thread and in those it starts afterwards, and
/// ignores SIGPIPE, so that one place decides how the process ends.
class ShutdownSignals {
 public:
  ShutdownSignals();

  /// Waits for one of the signals and returns it.
  [[nodiscard]] int wait() const;

  /// From now on the process ends by itself: at once at a second signal, with exit code 1 after
  /// four and a half seconds.
  void end_soon() const;

 private:
  sigset_t signals_{};
};

}  // namespace edgetide::app
