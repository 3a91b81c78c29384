#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/transport.h"

namespace edgetide::kube {

/// Collects a streamed answer up to a limit, beyond which it takes no more.
class TextSink final : public http::BodySink {
 public:
  explicit TextSink(std::size_t most) : most_(most) {}

  bool on_bytes(std::string_view bytes) override {
    overflowed_ = overflowed_ || text_.size() + bytes.size() > most_;
    if (!overflowed_) text_.append(bytes);
    return !overflowed_;
  }

  [[nodiscard]] bool overflowed() const { return overflowed_; }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::size_t most_;
  std::string text_;
  bool overflowed_ = false;
};

}  // namespace edgetide::kube
