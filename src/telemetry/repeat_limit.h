#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace edgetide::telemetry {

/// Keeps a fault that lasts from filling the log. Of lines that differ in numbers alone five are
/// said within a minute; the next one that is said tells how many were left out. Of more than a
/// thousand lines within a minute it forgets what was said.
class RepeatLimit {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// How many lines like it were left out since the last that was said; nothing when it is to be
  /// left out too.
  [[nodiscard]] std::optional<int> admit(std::string_view line, SteadyTime now);

 private:
  struct Line {
    SteadyTime since{};
    int said = 0;
    int left_out = 0;
  };

  void make_room(SteadyTime now);

  std::unordered_map<std::string, Line> lines_;  ///< By their text, less its numbers.
};

}  // namespace edgetide::telemetry
