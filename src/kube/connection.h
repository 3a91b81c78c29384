#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "edgetide/core/result.h"
#include "http/transport.h"
#include "kube/access.h"

namespace edgetide::kube {

struct ConnectionOptions {
  /// Makes the transport to an endpoint.
  std::function<Result<std::unique_ptr<http::Transport>>(const http::Endpoint&)> connect =
      http::connect;
  /// Told of files that cannot be used, one line each, repeats left out; may be empty.
  std::function<void(const std::string&)> on_problem;
  std::chrono::milliseconds read_again_after{60'000};
};

/// A way to an API server whose certificate authority and client certificate may be replaced while
/// the program runs, as a kubelet or cert-manager does.
///
/// The files are read again a minute after the last time, and at once when the server could not be
/// reached or answered 401; when they have changed, that request is sent once more. A changed file
/// makes a new transport, which streams under way do not notice. Files that cannot be used leave
/// the old one: a rotation is seldom atomic. Safe for use from several threads at once.
class Connection final : public http::Transport {
 public:
  /// Fails as `http::connect` does, for what the access holds now.
  [[nodiscard]] static Result<std::unique_ptr<http::Transport>> open(const Access& access,
                                                                     ConnectionOptions options);

  [[nodiscard]] Result<http::Response> send(const http::Request& request) override;
  [[nodiscard]] Result<http::Response> stream(const http::Request& request, http::BodySink& sink,
                                              std::chrono::milliseconds idle,
                                              std::stop_token stop) override;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  using TransportPtr = std::shared_ptr<http::Transport>;

  Connection(const Access& access, ConnectionOptions options, TransportPtr transport);

  /// The transport of the files as they are; read again when it is time.
  [[nodiscard]] TransportPtr current();
  /// Another than `failed`, when the files have changed since that was made.
  [[nodiscard]] TransportPtr replacement_of(const TransportPtr& failed);
  /// \pre the mutex is held
  void read_again();
  void tell(const std::string& problem);

  const TlsFiles files_;
  const ConnectionOptions options_;
  std::mutex mutex_;
  http::Endpoint endpoint_;
  TransportPtr transport_;
  SteadyTime read_at_;
  std::string told_;
};

}  // namespace edgetide::kube
