#pragma once

#include <cstddef>
#include <string_view>

#include "edgetide/core/result.h"
#include "http/transport.h"
#include "promql/client.h"

namespace edgetide::promql {

// The bodies of /api/v1/query and /api/v1/query_range, decoded.

[[nodiscard]] Result<InstantVector> decode_vector(std::string_view body,
                                                  const ClientLimits& limits);
[[nodiscard]] Result<Matrix> decode_matrix(std::string_view body, const ClientLimits& limits);

/// What an answer other than 200 means. \pre the status is not 200.
[[nodiscard]] Error refusal(const http::Response& response);

}  // namespace edgetide::promql
