#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "kube/client.h"

namespace edgetide::kube {

/// Sends writes one after another in a thread of its own, so that nobody who decides waits for the
/// server. Of several letters to one address the last is sent; above the limit the oldest is lost.
class Outbox {
 public:
  struct Letter {
    std::string address;  ///< "status video/live-edge"
    Call call;
    /// Told what became of it, in the outbox's thread; not called for a letter that was replaced.
    std::function<void(const Result<std::string>&)> done;
  };

  /// \pre `client` outlives the outbox.
  Outbox(Client& client, std::size_t most_waiting);
  /// Drops what still waits.
  ~Outbox() = default;

  void post(Letter letter);

  /// Sends what waits, for at most this long, and ends the thread. Later letters are lost.
  void finish(std::chrono::milliseconds within);

  [[nodiscard]] std::uint64_t lost() const;

 private:
  void run(std::stop_token stop);
  /// The next letter; nothing when the outbox has finished or was stopped.
  [[nodiscard]] std::optional<Letter> next(std::stop_token stop);
  /// \pre the lock is held and something waits.
  [[nodiscard]] Letter take_first();
  static void report(const Letter& letter, const Result<std::string>& outcome);

  Client& client_;
  std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::string> order_;  // addresses, as they were first posted
  std::unordered_map<std::string, Letter> waiting_;
  std::optional<std::chrono::steady_clock::time_point> finish_by_;
  std::uint64_t lost_ = 0;
  std::jthread thread_;  // last: joined before the letters go
};

}  // namespace edgetide::kube
