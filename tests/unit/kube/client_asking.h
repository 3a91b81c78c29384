#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "client_fake_transport.h"
#include "kube/client.h"

namespace edgetide::kube::testing {

inline constexpr const char* kCanary = "canary-token-3f9a";

/// A client of a server in memory.
class ClientTest : public ::testing::Test {
 protected:
  Client client(Credential credential = {.token = kCanary}) {
    return Client(
        std::make_unique<FakeTransport>(script_), std::move(credential),
        {.user_agent = "edgetide/test", .backoff = {.first = std::chrono::milliseconds{1}}});
  }

  /// Answers with each of these in turn, then with 200.
  void answer_with(std::vector<Result<http::Response>> answers) {
    auto next = std::make_shared<std::size_t>(0);
    script_.answer = [answers, next](const http::Request&) -> Result<http::Response> {
      if (*next == answers.size()) return http::Response{.status = 200, .body = "fine"};
      return answers[(*next)++];
    };
  }

  static http::Response status(int code, std::string body = "", http::Headers headers = {}) {
    return {.status = code, .headers = std::move(headers), .body = std::move(body)};
  }

  FakeTransport::Script script_;
};

inline std::string header(const http::Request& request, const std::string& name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return "";
}

}  // namespace edgetide::kube::testing
