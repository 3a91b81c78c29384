#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "http/transport.h"

namespace edgetide::http {

/// One request under way: what the library's threads report and the asking thread waits for. It
/// outlives whoever gives up first.
class Exchange {
 public:
  /// Without a sink the body is kept, up to `max_body`. With one, the body of a 2xx answer goes to
  /// it.
  Exchange(std::size_t max_body, BodySink* sink) : max_body_(max_body), sink_(sink) {}

  // By the library's threads.

  /// Called for bytes of a body. When the answer's head is not known yet, they are kept and
  /// `later` is called once with the outcome; nothing is returned then. Otherwise whether more is
  /// wanted.
  std::optional<bool> on_bytes(std::string_view bytes, std::function<void(bool)> later);
  void on_head(int status, Headers headers);
  /// The end: without an error when the body is complete.
  void on_end(std::optional<std::string> error);

  // By the asking thread.

  enum class Wait { kEnded, kDeadline, kIdle, kStopped };
  using Time = std::chrono::steady_clock::time_point;

  /// Waits for the end, at most until `deadline`, `idle` after the last byte, or a stop.
  [[nodiscard]] Wait wait(Time deadline, std::chrono::milliseconds idle, std::stop_token stop);

  /// The sink is not called any more once this returns. Waits a moment for the end of a cancelled
  /// request, so that its connection is closed.
  void abandon(std::chrono::milliseconds patience);

  /// What came of it. \pre the wait is over
  [[nodiscard]] Result<Response> outcome(Wait wait);

 private:
  bool deliver(std::string_view bytes);
  [[nodiscard]] bool answered_well() const {
    return response_.status >= 200 && response_.status < 300;
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  const std::size_t max_body_;
  BodySink* sink_;
  Response response_;
  bool head_known_ = false;
  bool ended_ = false;
  bool abandoned_ = false;
  bool too_large_ = false;
  bool declined_ = false;
  std::optional<std::string> error_;
  std::string early_bytes_;
  std::function<void(bool)> early_outcome_;
  Time last_sign_ = std::chrono::steady_clock::now();
};

}  // namespace edgetide::http
