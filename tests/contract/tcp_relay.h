#pragma once

#include <atomic>
#include <list>
#include <string>
#include <thread>

namespace edgetide::kube::testing {

/// A port of loopback that passes bytes on to another, until it is told to cut and refuse.
class TcpRelay {
 public:
  /// \pre `url` is "https://127.0.0.1:port".
  explicit TcpRelay(const std::string& url);
  ~TcpRelay();
  TcpRelay(const TcpRelay&) = delete;
  TcpRelay& operator=(const TcpRelay&) = delete;

  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

  /// Cuts every connection and closes new ones at once.
  void refuse();
  void accept() { refusing_ = false; }

 private:
  void listen_for_clients();
  void relay(int client);

  int target_port_ = 0;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> refusing_{false};
  std::atomic<bool> ending_{false};
  std::atomic<int> cuts_{0};
  std::list<std::jthread> connections_;
  std::jthread accepting_;
};

}  // namespace edgetide::kube::testing
