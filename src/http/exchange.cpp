#include "http/exchange.h"

#include <algorithm>

namespace edgetide::http {

std::optional<bool> Exchange::on_bytes(std::string_view bytes, std::function<void(bool)> later) {
  const std::lock_guard lock(mutex_);
  last_sign_ = std::chrono::steady_clock::now();
  if (head_known_) return deliver(bytes);
  early_bytes_ = bytes;
  early_outcome_ = std::move(later);
  return std::nullopt;
}

void Exchange::on_head(int status, Headers headers) {
  std::function<void(bool)> tell;
  bool more = true;
  {
    const std::lock_guard lock(mutex_);
    response_.status = status;
    response_.headers = std::move(headers);
    head_known_ = true;
    last_sign_ = std::chrono::steady_clock::now();
    if (sink_ != nullptr && answered_well() && !abandoned_) sink_->on_open();
    tell = std::exchange(early_outcome_, nullptr);
    if (tell) more = deliver(std::exchange(early_bytes_, {}));
  }
  changed_.notify_all();
  if (tell) tell(more);
}

void Exchange::on_end(std::optional<std::string> error) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = true;
    error_ = std::move(error);
  }
  changed_.notify_all();
}

bool Exchange::deliver(std::string_view bytes) {
  if (abandoned_) return false;
  if (sink_ != nullptr && answered_well()) {
    declined_ = !sink_->on_bytes(bytes);
    return !declined_;
  }
  if (bytes.size() > max_body_ - response_.body.size()) {
    too_large_ = true;
    return false;
  }
  response_.body += bytes;
  return true;
}

Exchange::Wait Exchange::wait(Time deadline, std::chrono::milliseconds idle, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto over = [&] { return ended_ || declined_ || too_large_; };
  while (!over()) {
    if (stop.stop_requested()) return Wait::kStopped;
    const auto now = std::chrono::steady_clock::now();
    const auto silent_until =
        last_sign_ + (sink_ == nullptr ? idle : std::min(idle, sink_->patience()));
    if (now >= deadline) return Wait::kDeadline;
    if (now >= silent_until) return Wait::kIdle;
    changed_.wait_until(lock, stop, std::min(deadline, silent_until), over);
  }
  return Wait::kEnded;
}

void Exchange::abandon(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  abandoned_ = true;
  changed_.wait_for(lock, patience, [&] { return ended_; });
}

Result<Response> Exchange::outcome(Wait wait) {
  const std::lock_guard lock(mutex_);
  const auto failed = [](ErrorCode code, std::string message) {
    return Error{.code = code, .message = std::move(message)};
  };
  switch (wait) {
    case Wait::kStopped: return failed(ErrorCode::kCancelled, "stopped");
    case Wait::kDeadline: return failed(ErrorCode::kTimeout, "no complete answer in time");
    case Wait::kIdle: return failed(ErrorCode::kTimeout, "the answer fell silent");
    case Wait::kEnded: break;
  }
  if (too_large_) {
    return failed(ErrorCode::kTooLarge,
                  "the answer is longer than " + std::to_string(max_body_) + " bytes");
  }
  if (error_ && !declined_) return failed(ErrorCode::kUnavailable, *error_);
  return response_;
}

}  // namespace edgetide::http
