#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>

#include "edgetide/core/result.h"
#include "http/server.h"
#include "kube/access.h"

namespace edgetide::app {

/// Lets those read /metrics whose token a review allows, and everybody the probes, which a kubelet
/// asks for without a token. What cannot be found out is not allowed.
///
/// A verdict is kept, two minutes when it admits and half a minute when it does not, so that an API
/// server that is down does not blind Prometheus at once, nor a wrong token ask for a review with
/// each scrape. Reviews wait in a thread of the gate's own. Safe for use from several threads.
class MetricsGate {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  /// Says what a token allows; may wait.
  using Review = std::function<Result<http::Admission>(const std::string& token)>;

  explicit MetricsGate(
      Review review, std::function<SteadyTime()> now = [] { return SteadyTime::clock::now(); });
  /// Stops.
  ~MetricsGate() { stop(); }
  MetricsGate(const MetricsGate&) = delete;
  MetricsGate& operator=(const MetricsGate&) = delete;

  /// As http::Gate.
  void judge(const http::Visitor& visitor, std::function<void(http::Admission)> tell);

  /// Ends the thread; who waits, or comes later, is told kUnknown.
  void stop();

 private:
  struct Verdict {
    http::Admission admission;
    SteadyTime until;
  };
  struct Waiting {
    std::string token;
    std::function<void(http::Admission)> tell;
  };

  void run(std::stop_token stop);
  [[nodiscard]] std::optional<Waiting> next(std::stop_token stop);
  /// What is still known of a token. \pre the mutex is held
  [[nodiscard]] std::optional<http::Admission> known(const std::string& token) const;
  [[nodiscard]] http::Admission review(const std::string& token);
  /// \pre the mutex is held
  void keep(const std::string& token, http::Admission admission);

  const Review review_;
  const std::function<SteadyTime()> now_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::unordered_map<std::string, Verdict> verdicts_;  ///< By token.
  std::deque<Waiting> waiting_;
  bool stopped_ = false;
  std::jthread thread_;  // last: joined before the rest goes
};

/// A gate that asks that cluster's API server. Fails as `http::connect` does.
[[nodiscard]] Result<std::unique_ptr<MetricsGate>> open_metrics_gate(const kube::Access& access,
                                                                     const std::string& user_agent);

}  // namespace edgetide::app
