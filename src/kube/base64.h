#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace edgetide::kube {

/// The bytes that padded standard base64 stands for; line ends between groups are left out. Nothing
/// for any other character, missing padding, or bits left over that are not zero.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace edgetide::kube
