#pragma once

#include <chrono>
#include <ostream>
#include <string>

namespace edgetide::cli {

/// Tells people how far a long run is: one line on a terminal, redrawn at most ten times a second,
/// and nothing anywhere else.
class Progress {
 public:
  /// \param terminal whether `err` is one that can be redrawn
  Progress(std::ostream& err, bool terminal) : err_(err), terminal_(terminal) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// "hpa:target=0.6  43 %"; \param done from 0 to 1
  void show(const std::string& what, double done);

 private:
  using Clock = std::chrono::steady_clock;

  std::ostream& err_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point next_;
};

/// Standard error is a terminal that understands control sequences. \param term $TERM
[[nodiscard]] bool stderr_is_terminal(const std::string& term);

}  // namespace edgetide::cli
