#pragma once

#include <string_view>

#include "edgetide/core/result.h"
#include "yaml/yaml.h"

namespace edgetide::yaml {

/// What an unquoted scalar means by the rules at the top of yaml/yaml.h; kInvalid with the reason
/// and the way out for one that readers understand differently.
[[nodiscard]] Result<Value::Held> resolve_plain(std::string_view text);

}  // namespace edgetide::yaml
