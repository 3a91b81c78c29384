#pragma once

#include <chrono>
#include <random>
#include <stop_token>

namespace edgetide::kube {

/// Growing waits between tries, spread so that a fleet of clients does not come back together.
///
/// The n-th wait is drawn evenly from [d, d · (1 + jitter)], d = min(longest, first · 2^(n-1)).
/// With client-go's numbers (800 ms, 30 s, jitter 1): 0.8 to 1.6 s, 1.6 to 3.2 s, ...
class Backoff {
 public:
  struct Options {
    std::chrono::milliseconds first{800};
    std::chrono::milliseconds longest{30'000};
    double jitter = 1.0;
  };

  explicit Backoff(const Options& options) : options_(options), random_(std::random_device{}()) {}

  [[nodiscard]] std::chrono::milliseconds next();
  void reset() { doublings_ = 0; }

 private:
  Options options_;
  int doublings_ = 0;
  std::mt19937 random_;
};

/// Sleeps; false when it was asked to stop before the time was over.
[[nodiscard]] bool pause(std::chrono::milliseconds duration, std::stop_token stop);

}  // namespace edgetide::kube
