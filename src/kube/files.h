#pragma once

#include <cstddef>
#include <string>

#include "edgetide/core/result.h"

namespace edgetide::kube {

/// A small file's bytes. kNotFound when it does not exist, kTooLarge above the limit, kInvalid when
/// it cannot be read; the context is the path.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

}  // namespace edgetide::kube
