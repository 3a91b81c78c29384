#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace edgetide::kube {

/// What a `Warning` header says, text by text, as in RFC 7234, section 5.5: of
/// `299 - "v1beta1 is deprecated", 299 - "unknown field \"spec.x\""` two. What is no warning is
/// left out.
[[nodiscard]] std::vector<std::string> warnings_in(std::string_view header);

}  // namespace edgetide::kube
