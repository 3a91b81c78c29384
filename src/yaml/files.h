#pragma once

#include <cstddef>
#include <string>

#include "edgetide/core/result.h"

namespace edgetide::yaml {

/// The first bytes of a file that somebody names, so many at most. kNotFound when it does not
/// exist, kInvalid when it is a folder, kUnavailable when reading fails; the context is the path.
[[nodiscard]] Result<std::string> read_start(const std::string& path, std::size_t max_bytes);

}  // namespace edgetide::yaml
