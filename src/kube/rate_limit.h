#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>

namespace edgetide::kube {

/// A token bucket, as client-go limits itself with (golang.org/x/time/rate): each request takes a
/// token, or waits for the one that is its. A safety net: what really protects an API server is its
/// own Priority and Fairness. Safe for use from several threads at once.
class RateLimit {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  struct Options {
    double per_second = 0;  ///< Above zero.
    int burst = 1;          ///< So many at once after a rest.
  };

  RateLimit(const Options& options, SteadyTime now)
      : options_(options), tokens_(options.burst), filled_at_(now) {}

  /// How long to wait before the request may be sent. Nothing, and nothing taken, when that is
  /// longer than `patience`.
  [[nodiscard]] std::optional<Duration> reserve(SteadyTime now, Duration patience) {
    using Secs = std::chrono::duration<double>;
    const std::lock_guard lock(mutex_);
    const double earned = Secs{std::max(now - filled_at_, Duration{0})} / Secs{1};
    tokens_ = std::min<double>(options_.burst, tokens_ + earned * options_.per_second);
    filled_at_ = std::max(now, filled_at_);
    const auto wait = std::chrono::duration_cast<Duration>(
        Secs{std::max(0.0, 1 - tokens_) / options_.per_second});
    if (wait > patience) return std::nullopt;
    tokens_ -= 1;
    return wait;
  }

 private:
  const Options options_;
  std::mutex mutex_;
  double tokens_;  // below zero: so many wait
  SteadyTime filled_at_;
};

}  // namespace edgetide::kube
