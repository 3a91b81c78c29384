#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "edgetide/controller/reconciler.h"

namespace edgetide::controller {

/// Decides which pool is looked at when: each as often as its last look asked for, and at once when
/// it was woken. One thread; waits on the monotonic clock, so a jump of the wall clock stalls
/// nothing.
class Runner {
 public:
  /// Told of a look that ended by an exception: which pool, and the exception's words.
  using OnSkipped = std::function<void(const ObjectKey&, std::string_view)>;

  Runner(Reconciler& reconciler, ports::PoolRepository& pools, OnSkipped on_skipped = {})
      : reconciler_(reconciler), pools_(pools), on_skipped_(std::move(on_skipped)) {}

  /// Looks at pools until stopped. A look that is under way is finished first.
  void run(std::stop_token stop);

  /// Something about the pool changed: look at it next. From any thread.
  void wake(const ObjectKey& key);

  /// Look at every pool next, at these before the others and in their order. From any thread.
  void wake_all(std::vector<ObjectKey> first = {});

  /// When the present look, or the wait for one, began, of turns that end in order: for liveness;
  /// from any thread.
  [[nodiscard]] std::chrono::steady_clock::time_point last_turn() const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  using Due = std::map<ObjectKey, SteadyTime>;

  void take_turn(SteadyTime turn, std::stop_token stop);
  /// One look, and how long until the next. One pool's exception must not stop the others.
  [[nodiscard]] std::chrono::milliseconds look_at(const ObjectKey& key);
  /// After a turn that was left half done.
  void put_in_order();
  /// Takes up new pools and drops vanished ones.
  void follow_pools(SteadyTime now);
  void set_due(Due::iterator entry, SteadyTime at);
  /// The pool that is due, or nothing after a wait of at most a second.
  [[nodiscard]] std::optional<ObjectKey> next_due(std::stop_token stop);

  Reconciler& reconciler_;
  ports::PoolRepository& pools_;
  const OnSkipped on_skipped_;
  // Touched by the running thread alone:
  Due due_;
  std::set<std::pair<SteadyTime, ObjectKey>> by_time_;  ///< The same, earliest first.
  std::vector<ObjectKey> followed_;                     ///< As last told, in their order.
  SteadyTime follow_at_{};
  std::map<ObjectKey, int> skipped_;  ///< Whose last looks threw, with the doublings of the wait.
  bool is_in_order_ = true;           ///< The last turn has ended as it should.

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<ObjectKey> woken_;
  bool all_woken_ = false;
  std::vector<ObjectKey> first_;  ///< Of them.
  SteadyTime last_turn_ = std::chrono::steady_clock::now();
};

}  // namespace edgetide::controller
