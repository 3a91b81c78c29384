#pragma once

#include <cstdint>
#include <deque>

namespace edgetide::backtest {

/// The highest of the values added in the last `length` steps. O(1) a step on average: of the
/// values that may still count, each is lower than the one before it.
class SlidingMax {
 public:
  explicit SlidingMax(std::int64_t length) : length_(length) {}

  /// Adds the value of the next step and returns the highest.
  double add(double value) {
    while (!candidates_.empty() && candidates_.back().value <= value) candidates_.pop_back();
    candidates_.push_back({step_, value});
    if (candidates_.front().step <= step_ - length_) candidates_.pop_front();
    ++step_;
    return candidates_.front().value;
  }

 private:
  struct Candidate {
    std::int64_t step;
    double value;
  };

  std::int64_t length_;
  std::int64_t step_ = 0;
  std::deque<Candidate> candidates_;
};

}  // namespace edgetide::backtest
