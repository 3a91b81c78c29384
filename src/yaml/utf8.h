#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "yaml/yaml.h"

namespace edgetide::yaml {

/// The first byte that no text file may hold: not UTF-8 (overlong forms, surrogates and code points
/// above U+10FFFF included), or a control character other than tab and line ends. Nothing when
/// fine.
[[nodiscard]] std::optional<Problem> first_bad_byte(std::string_view text);

}  // namespace edgetide::yaml
