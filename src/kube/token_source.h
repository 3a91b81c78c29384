#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "edgetide/core/result.h"
#include "kube/access.h"

namespace edgetide::kube {

/// The bearer token as it is now. A file is read again a minute after the last time, since the
/// kubelet replaces it before it expires; while it cannot be read the last token stays.
class TokenSource {
 public:
  explicit TokenSource(Credential credential) : credential_(std::move(credential)) {}

  /// Empty when there is none to send. Fails when the file has never been readable or useful.
  [[nodiscard]] Result<std::string> token(std::chrono::steady_clock::time_point now);

  /// The server refused the token: read the file again the next time. False when there is no file.
  bool drop();

 private:
  Credential credential_;
  std::mutex mutex_;
  std::string cached_;
  bool has_read_ = false;
  std::chrono::steady_clock::time_point read_at_{};
};

}  // namespace edgetide::kube
