#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/result.h"
#include "http/transport.h"
#include "kube/backoff.h"
#include "kube/failure.h"
#include "kube/rate_limit.h"
#include "kube/request_counts.h"
#include "kube/token_source.h"

namespace edgetide::kube {

/// One request that is answered in one piece. All of ours may be sent twice: reads, writes of
/// absolute values under a precondition, server-side apply.
struct Call {
  http::Method method = http::Method::kGet;
  std::string target;
  std::string body;
  std::string content_type;                   ///< Of the body, when there is one.
  std::chrono::milliseconds deadline{4'000};  ///< In total, retries and their waits included.
  std::size_t max_body = 4u << 20;
};

/// One request whose answer is a stream, or too large to wait for without being stoppable.
struct StreamCall {
  std::string target;
  std::string accept = "application/json";
  std::chrono::milliseconds idle{};      ///< Without a byte.
  std::chrono::milliseconds deadline{};  ///< In total.
};

struct ClientOptions {
  std::string user_agent = "edgetide";
  /// How much longer this replica may write, asked before each try of a request that is no read;
  /// nothing when it may not. Empty for a client that always may.
  std::function<std::optional<std::chrono::milliseconds>()> write_permit;
  std::optional<RateLimit::Options> rate_limit;  ///< Of everything that is sent; none if empty.
  /// Told why the server held a request back, when it is another priority level that does so than
  /// the last, or that is ten minutes ago; may be empty.
  std::function<void(const std::string&)> on_throttled;
  /// Told what the server warns of, such as a deprecated version; may be empty.
  std::function<void(const std::string&)> on_warning;
  std::optional<std::chrono::milliseconds> deadline;  ///< In place of every Call's own.
  /// A server that did not stream a list to its end is not asked to for so long.
  std::chrono::milliseconds lists_unstreamed_for{600'000};
  int max_attempts = 5;
  Backoff::Options backoff{.first = std::chrono::milliseconds{50},
                           .longest = std::chrono::milliseconds{2'000}};
};

/// Requests to one API server: credentials, typed failures, retries. Safe for use from several
/// threads at once.
///
/// Tried again, within the deadline: 429, 503 and 504, after the server's Retry-After when it says
/// one; other 5xx only with a Retry-After; no connection or a cut one; 401 once, with the token
/// read afresh. Everything else is for the caller to judge. A write without a permit is kCancelled
/// and not sent; one that has a permit is given up when that runs out. What the rate limit would
/// keep beyond its deadline is kUnavailable and not sent either.
class Client {
 public:
  Client(std::unique_ptr<http::Transport> transport, Credential credential, ClientOptions options);

  /// The body of the 2xx answer.
  [[nodiscard]] Result<std::string> send(const Call& call);

  /// Feeds `sink` until the server ends the answer; nothing when it did so in order. Not retried,
  /// but for the 401.
  [[nodiscard]] std::optional<Failure> stream(const StreamCall& call, http::BodySink& sink,
                                              std::stop_token stop);

  /// Whether the server may be asked for a watch that begins with a list. Not every server knows
  /// how, or does it to the end: who finds that out says so, for all who ask, for some minutes.
  [[nodiscard]] bool streams_lists() const {
    return std::chrono::steady_clock::now() >= streams_lists_from_.load();
  }
  /// False when that was known already.
  bool note_lists_unstreamed() {
    const auto now = std::chrono::steady_clock::now();
    return now >= streams_lists_from_.exchange(now + options_.lists_unstreamed_for);
  }

  /// Ends waits between tries from now on, so that a stopping program does not sit them out.
  void cancel_waits() { stop_.request_stop(); }

  [[nodiscard]] RequestCounts::Counts requests() const { return requests_.all(); }
  [[nodiscard]] std::uint64_t retries() const { return retries_; }
  /// What the rate limit has made requests wait, all of them together.
  [[nodiscard]] std::chrono::nanoseconds rate_limit_wait() const {
    return std::chrono::nanoseconds{rate_limit_wait_};
  }

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// Headers of every request; fails when the token cannot be read.
  [[nodiscard]] Result<http::Headers> headers(std::string_view accept);
  /// Until when a try of this call may take; nothing when it may not begin.
  [[nodiscard]] std::optional<SteadyTime> permitted_until(const Call& call, SteadyTime until) const;
  /// Waits as the rate limit wants it; what keeps the request from being sent, if anything.
  [[nodiscard]] std::optional<Failure> wait_for_turn(const std::string& asked, SteadyTime until,
                                                     std::stop_token stop);
  /// An answer's words go into logs: those that repeat the token are taken out.
  void forget_echoes(Result<http::Response>& answer);
  /// Counts an answer, and passes on what the server warns of and why it held the request back.
  void note_answer(http::Method method, std::string_view target,
                   const Result<http::Response>& answer);
  /// Whether that is told; then it is the last that was.
  [[nodiscard]] bool is_news(const std::string& held_back_by);
  /// One try: the answer's body, or why there is none.
  [[nodiscard]] std::optional<Failure> attempt(const Call& call, SteadyTime until,
                                               std::string& body);
  /// How long to wait before another try; nothing when there is to be none.
  [[nodiscard]] std::optional<std::chrono::milliseconds> wait_before_retry(const Failure& failure,
                                                                           Backoff& backoff);

  std::unique_ptr<http::Transport> transport_;
  std::string as_;
  std::vector<std::string> as_groups_;
  TokenSource token_;
  ClientOptions options_;
  std::stop_source stop_;
  std::optional<RateLimit> rate_limit_;
  RequestCounts requests_;
  std::atomic<std::uint64_t> retries_{0};
  std::mutex told_mutex_;
  std::string told_level_;
  SteadyTime told_at_{};
  std::atomic<SteadyTime> streams_lists_from_{SteadyTime{}};
  std::atomic<std::int64_t> rate_limit_wait_{0};  // nanoseconds
};

}  // namespace edgetide::kube
