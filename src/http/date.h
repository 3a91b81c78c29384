#pragma once

#include <optional>
#include <string_view>

#include "edgetide/core/time.h"

namespace edgetide::http {

/// Reads a Date header as RFC 9110 wants it, "Sun, 06 Nov 1994 08:49:37 GMT"; nothing for any other
/// text, the obsolete forms included.
[[nodiscard]] std::optional<Instant> parse_date(std::string_view text);

}  // namespace edgetide::http
