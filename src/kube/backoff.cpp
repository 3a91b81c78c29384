#include "kube/backoff.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace edgetide::kube {

std::chrono::milliseconds Backoff::next() {
  constexpr int kMostDoublings = 20;
  const auto wait = std::min(options_.longest, options_.first * (1 << doublings_));
  doublings_ = std::min(doublings_ + 1, kMostDoublings);
  std::uniform_real_distribution<double> spread(1.0, 1.0 + options_.jitter);
  return std::chrono::duration_cast<std::chrono::milliseconds>(wait * spread(random_));
}

bool pause(std::chrono::milliseconds duration, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace edgetide::kube
