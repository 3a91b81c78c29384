#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "http/transport.h"

namespace edgetide::promql {

/// A server in memory: answers by a function, and remembers what it was asked.
class FakeServer {
 public:
  using Answer = std::function<Result<http::Response>(const http::Request&)>;

  explicit FakeServer(Answer answer) : answer_(std::move(answer)) {}

  Result<http::Response> handle(const http::Request& request) {
    {
      const std::lock_guard lock{mutex_};
      requests_.push_back(request);
    }
    return answer_(request);
  }

  [[nodiscard]] std::vector<http::Request> requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
  }
  /// How many requests have been made since the last call.
  int new_requests() {
    const std::lock_guard lock{mutex_};
    return static_cast<int>(requests_.size() - std::exchange(seen_, requests_.size()));
  }
  void answer_with(Answer answer) { answer_ = std::move(answer); }

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<http::Request> requests_;
  std::size_t seen_ = 0;
};

class FakeTransport final : public http::Transport {
 public:
  explicit FakeTransport(FakeServer& server) : server_(server) {}

  Result<http::Response> send(const http::Request& request) override {
    return server_.handle(request);
  }
  Result<http::Response> stream(const http::Request&, http::BodySink&, std::chrono::milliseconds,
                                std::stop_token) override {
    return Error{ErrorCode::kInvalid, "not a stream"};
  }

 private:
  FakeServer& server_;
};

/// The fields of a form-encoded body.
inline std::map<std::string, std::string> form(const std::string& body) {
  std::map<std::string, std::string> fields;
  std::string name;
  std::string text;
  const auto finish = [&] {
    fields[name] = text;
    name.clear();
    text.clear();
  };
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '=') {
      name = std::exchange(text, "");
    } else if (body[i] == '&') {
      finish();
    } else if (body[i] == '%') {
      text += static_cast<char>(std::stoi(body.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      text += body[i];
    }
  }
  finish();
  return fields;
}

inline http::Response ok(std::string body) {
  return {.status = 200, .headers = {}, .body = std::move(body)};
}

/// A vector answer of series given as `{"a":"b"}` and value text.
inline std::string vector_json(const std::vector<std::pair<std::string, std::string>>& series,
                               const std::string& more = "") {
  std::string list;
  for (const auto& [labels, value] : series) {
    list += (list.empty() ? "" : ",") + std::string{R"({"metric":)"} + labels +
            R"(,"value":[1700000000.5,")" + value + R"("]})";
  }
  return R"({"status":"success","data":{"resultType":"vector","result":[)" + list + "]}" + more +
         "}";
}

}  // namespace edgetide::promql
