#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"

namespace edgetide::calendar {

/// Bytes that begin as gzip's do (RFC 1952).
[[nodiscard]] bool is_gzip(std::string_view bytes);

/// What was packed, of several members one after the other; no more than `most` bytes of it, so
/// that a small file cannot fill the memory. kInvalid for what is damaged or ends early.
[[nodiscard]] Result<std::string> gunzip(std::string_view bytes, std::size_t most);

}  // namespace edgetide::calendar
