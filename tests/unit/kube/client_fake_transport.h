#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "http/transport.h"

namespace edgetide::kube::testing {

/// An API server in memory: answers by script and remembers what it was asked.
class FakeTransport final : public http::Transport {
 public:
  using Answer = std::function<Result<http::Response>(const http::Request&)>;

  /// One streamed answer: pieces as they come over the wire, then an end, an error, or silence.
  struct Stream {
    int status = 200;
    std::vector<std::string> pieces;
    http::Headers headers = {};
    std::optional<Error> error = std::nullopt;  ///< In place of an end in order.
    bool opens = true;                          ///< False: fails before the headers.
    bool stays_open = false;                    ///< After the pieces, nothing until stopped.
  };

  /// Everything the test shares with the transport, which the client owns.
  struct Script {
    Answer answer = [](const http::Request&) { return Result<http::Response>(http::Response{}); };
    std::deque<Stream> streams;
    std::vector<http::Request> sent;
    std::vector<http::Request> streamed;
    std::mutex mutex;
    std::condition_variable_any changed;

    [[nodiscard]] std::vector<http::Request> all_streamed() {
      const std::lock_guard lock(mutex);
      return streamed;
    }
    [[nodiscard]] std::vector<http::Request> all_sent() {
      const std::lock_guard lock(mutex);
      return sent;
    }
    void add(Stream stream) {
      const std::lock_guard lock(mutex);
      streams.push_back(std::move(stream));
      changed.notify_all();
    }
  };

  explicit FakeTransport(Script& script) : script_(script) {}

  Result<http::Response> send(const http::Request& request) override {
    Answer answer;
    {
      const std::lock_guard lock(script_.mutex);
      script_.sent.push_back(request);
      answer = script_.answer;
    }
    return answer(request);
  }

  Result<http::Response> stream(const http::Request& request, http::BodySink& sink,
                                std::chrono::milliseconds, std::stop_token stop) override {
    Stream next;
    {
      std::unique_lock lock(script_.mutex);
      script_.streamed.push_back(request);
      script_.changed.notify_all();
      if (!script_.changed.wait(lock, stop, [&] { return !script_.streams.empty(); }))
        return Error{.code = ErrorCode::kCancelled, .message = "cancelled"};
      next = std::move(script_.streams.front());
      script_.streams.pop_front();
    }
    return play(next, sink, stop);
  }

 private:
  Result<http::Response> play(const Stream& next, http::BodySink& sink, std::stop_token stop) {
    if (!next.opens) return *next.error;
    http::Response answer{.status = next.status, .headers = next.headers};
    if (next.status != 200) {
      for (const auto& piece : next.pieces) answer.body += piece;
      return answer;
    }
    sink.on_open();
    for (const auto& piece : next.pieces) {
      if (!sink.on_bytes(piece)) return answer;
    }
    if (next.stays_open) {
      std::unique_lock lock(script_.mutex);
      constexpr std::chrono::milliseconds kNever{3'600'000};
      script_.changed.wait_for(lock, stop, std::min(sink.patience(), kNever), [] { return false; });
      return stop.stop_requested()
                 ? Error{.code = ErrorCode::kCancelled, .message = "cancelled"}
                 : Error{.code = ErrorCode::kTimeout, .message = "the answer fell silent"};
    }
    if (next.error) return *next.error;
    return answer;
  }

  Script& script_;
};

/// Waits for up to a minute.
inline bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (std::chrono::steady_clock::now() < until) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return holds();
}

}  // namespace edgetide::kube::testing
