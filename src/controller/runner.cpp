#include "edgetide/controller/runner.h"

#include <algorithm>
#include <utility>

namespace edgetide::controller {
namespace {

/// The longest the runner sleeps, so that new pools, stops and liveness are noticed.
constexpr std::chrono::milliseconds kLongestWait{1000};

}  // namespace

void Runner::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    {
      const std::lock_guard lock(mutex_);
      last_turn_ = std::chrono::steady_clock::now();
    }
    follow_pools();
    const auto key = next_due(stop);
    if (key) due_[*key] = std::chrono::steady_clock::now() + reconciler_.reconcile(*key);
  }
}

void Runner::wake(const ObjectKey& key) {
  {
    const std::lock_guard lock(mutex_);
    woken_.insert(key);
  }
  changed_.notify_one();
}

void Runner::wake_all() {
  {
    const std::lock_guard lock(mutex_);
    all_woken_ = true;
  }
  changed_.notify_one();
}

std::chrono::steady_clock::time_point Runner::last_turn() const {
  const std::lock_guard lock(mutex_);
  return last_turn_;
}

void Runner::follow_pools() {
  const auto keys = pools_.keys();
  const std::set<ObjectKey> present(keys.begin(), keys.end());
  for (const ObjectKey& key : keys) due_.try_emplace(key, std::chrono::steady_clock::now());
  std::erase_if(due_, [&](const auto& entry) {
    if (present.contains(entry.first)) return false;
    reconciler_.forget(entry.first);
    return true;
  });
}

std::optional<ObjectKey> Runner::earliest_due(SteadyTime now) const {
  const auto earliest =
      std::ranges::min_element(due_, {}, [](const auto& entry) { return entry.second; });
  if (earliest == due_.end() || earliest->second > now) return std::nullopt;
  return earliest->first;
}

std::optional<ObjectKey> Runner::next_due(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  for (const ObjectKey& key : woken_) {
    if (const auto entry = due_.find(key); entry != due_.end()) entry->second = now;
  }
  woken_.clear();
  if (std::exchange(all_woken_, false)) {
    for (auto& [key, due] : due_) due = std::min(due, now);
  }
  if (const auto key = earliest_due(now)) return key;
  changed_.wait_for(lock, stop, kLongestWait, [&] { return all_woken_ || !woken_.empty(); });
  return std::nullopt;
}

}  // namespace edgetide::controller
