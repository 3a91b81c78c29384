#pragma once

#include <simdjson.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "http/transport.h"

namespace edgetide::kube {

/// What an API server, or the way to it, said instead of doing what was asked.
struct Failure {
  Error error;          ///< The server's own words, with the fields it names; never our headers.
  int http_status = 0;  ///< Zero when no answer came.
  std::string reason;   ///< The closed word of metav1.Status: "Expired", "AlreadyExists".
  std::optional<std::chrono::seconds> retry_after;  ///< Wait at least so long.
};

/// Reads a non-2xx answer, whose body may or may not be a metav1.Status.
/// `asked` names the request in the error's context: "GET /api/v1/pods".
[[nodiscard]] Failure failure_of(const http::Response& answer, std::string_view asked);

/// Reads a metav1.Status, such as an ERROR event carries.
[[nodiscard]] Failure failure_of_status(simdjson::dom::element status, std::string_view asked);

}  // namespace edgetide::kube
