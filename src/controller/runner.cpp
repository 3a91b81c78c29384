#include "edgetide/controller/runner.h"

#include <algorithm>
#include <utility>

#include "edgetide/core/thrown.h"

namespace edgetide::controller {
namespace {

/// The longest the runner sleeps, so that new pools, stops and liveness are noticed.
constexpr std::chrono::milliseconds kLongestWait{1000};

/// Until a pool whose look ended by an exception is looked at again: doubled each time in a row, so
/// that what passes costs little, and what lasts does not take the time of the others.
constexpr std::chrono::milliseconds kAfterException{50};
constexpr std::chrono::milliseconds kLongestAfterException{30'000};
constexpr int kMostDoublings = 10;
static_assert(kAfterException * (1 << kMostDoublings) > kLongestAfterException);

/// How much later than asked for a look may come: so that the answer that wakes every pool, which
/// comes as often as a pool wants to be looked at, is not met by a look of a moment before.
std::chrono::milliseconds slack(std::chrono::milliseconds wait) {
  return std::min(wait / 10, std::chrono::milliseconds{1000});
}

}  // namespace

void Runner::run(std::stop_token stop) {
  keep_doing(Work::kTurn, stop, [&] {
    const auto now = std::chrono::steady_clock::now();
    if (std::exchange(is_in_order_, false)) {
      const std::lock_guard lock(mutex_);
      last_turn_ = now;
    } else {
      put_in_order();
    }
    take_turn(now, stop);
    is_in_order_ = true;
  });
}

void Runner::take_turn(SteadyTime turn, std::stop_token stop) {
  if (turn >= follow_at_) follow_pools(turn);
  const auto key = next_due(stop);
  if (!key) return;
  const std::chrono::milliseconds wait = look_at(*key);
  const auto after = std::chrono::steady_clock::now();
  // A pool that has gone meanwhile is told by the next following.
  if (const auto entry = due_.find(*key); entry != due_.end())
    set_due(entry, after + wait + slack(wait));
}

std::chrono::milliseconds Runner::look_at(const ObjectKey& key) {
  std::chrono::milliseconds wait{};
  const auto look = contain(Work::kLook, [&] { wait = reconciler_.reconcile(key); });
  if (look.ok()) {
    skipped_.erase(key);
    return wait;
  }
  if (on_skipped_) on_skipped_(key, look.error().message);
  int& doublings = skipped_[key];
  wait = std::min(kAfterException * (1 << doublings), kLongestAfterException);
  doublings = std::min(doublings + 1, kMostDoublings);
  return wait;
}

void Runner::wake(const ObjectKey& key) {
  {
    const std::lock_guard lock(mutex_);
    woken_.insert(key);
  }
  changed_.notify_one();
}

void Runner::wake_all(std::vector<ObjectKey> first) {
  {
    const std::lock_guard lock(mutex_);
    all_woken_ = true;
    if (!first.empty()) first_ = std::move(first);
  }
  changed_.notify_one();
}

std::chrono::steady_clock::time_point Runner::last_turn() const {
  const std::lock_guard lock(mutex_);
  return last_turn_;
}

void Runner::follow_pools(SteadyTime now) {
  follow_at_ = now + kLongestWait;
  auto keys = pools_.keys();
  if (keys == followed_) return;
  const std::set<ObjectKey> present(keys.begin(), keys.end());
  for (const ObjectKey& key : keys) {
    const auto [entry, is_new] = due_.try_emplace(key, now);
    if (is_new) by_time_.emplace(now, key);
  }
  for (const ObjectKey& key : followed_) {
    if (present.contains(key)) continue;
    const auto gone = due_.find(key);
    by_time_.erase({gone->second, key});
    due_.erase(gone);
    skipped_.erase(key);
    reconciler_.forget(key);
  }
  followed_ = std::move(keys);
}

void Runner::put_in_order() {
  by_time_.clear();
  for (const auto& [key, at] : due_) by_time_.emplace(at, key);
  followed_.clear();
  for (const auto& [key, at] : due_) followed_.push_back(key);
  follow_at_ = {};
}

void Runner::set_due(Due::iterator entry, SteadyTime at) {
  by_time_.erase({entry->second, entry->first});
  entry->second = at;
  by_time_.emplace(at, entry->first);
}

std::optional<ObjectKey> Runner::next_due(std::stop_token stop) {
  std::set<ObjectKey> woken;
  std::vector<ObjectKey> first;
  bool all = false;
  {
    std::unique_lock lock(mutex_);
    const auto is_woken = [&] { return all_woken_ || !woken_.empty(); };
    const auto now = std::chrono::steady_clock::now();
    const auto next = by_time_.empty() ? follow_at_ : std::min(by_time_.begin()->first, follow_at_);
    if (next > now) changed_.wait_until(lock, stop, next, is_woken);
    woken.swap(woken_);
    first.swap(first_);
    all = std::exchange(all_woken_, false);
  }
  const auto now = std::chrono::steady_clock::now();
  const auto is_new = [&](const ObjectKey& key) { return !due_.contains(key); };
  if (std::ranges::any_of(woken, is_new)) follow_pools(now);
  for (const ObjectKey& key : woken) {
    if (const auto entry = due_.find(key); entry != due_.end() && entry->second > now)
      set_due(entry, now);
  }
  for (auto entry = due_.begin(); all && entry != due_.end(); ++entry)
    set_due(entry, std::min(entry->second, now));
  // Not before those that still wait since the news before.
  SteadyTime place = now - std::chrono::milliseconds{1};
  for (const ObjectKey& key : first) {
    if (const auto entry = due_.find(key); entry != due_.end())
      set_due(entry, std::min(entry->second, place += SteadyTime::duration{1}));
  }
  if (by_time_.empty() || by_time_.begin()->first > now) return std::nullopt;
  return by_time_.begin()->second;
}

}  // namespace edgetide::controller
