#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "http/transport.h"

namespace edgetide::kube {

/// What was asked of an API server and how it answered, as its own audit log would say it.
struct RequestKind {
  std::string verb;      ///< "get", "list", "watch", "create", "update", "patch", "delete".
  std::string resource;  ///< "deployments/scale"; "none" for what is no resource, as discovery.
  int code = 0;          ///< The HTTP status; 0 when no answer came.

  auto operator<=>(const RequestKind&) const = default;
};

[[nodiscard]] RequestKind kind_of_request(http::Method method, std::string_view target, int code);

/// Counts requests by kind. Safe for use from several threads at once.
class RequestCounts {
 public:
  using Counts = std::map<RequestKind, std::uint64_t>;

  void count(http::Method method, std::string_view target, int code) {
    const std::lock_guard lock(mutex_);
    ++counts_[kind_of_request(method, target, code)];
  }
  [[nodiscard]] Counts all() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  mutable std::mutex mutex_;
  Counts counts_;
};

}  // namespace edgetide::kube
