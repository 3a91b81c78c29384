#pragma once

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "http/transport.h"
#include "scripted_server.h"

namespace edgetide::http {

inline constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

inline std::unique_ptr<Transport> transport_to(const std::string& url, TlsOptions tls = {}) {
  auto made = connect({.base_url = url, .tls = std::move(tls)});
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().text());
  return std::move(*made);
}

/// Counts bytes; declines after `limit`.
struct CountingSink : BodySink {
  explicit CountingSink(std::size_t most = SIZE_MAX, std::chrono::milliseconds pause = {})
      : limit(most), slowness(pause) {}
  bool on_bytes(std::string_view bytes) override {
    std::this_thread::sleep_for(slowness);
    count += bytes.size();
    return count < limit;
  }
  std::size_t limit;
  std::chrono::milliseconds slowness;
  std::atomic<std::size_t> count = 0;
};

}  // namespace edgetide::http
