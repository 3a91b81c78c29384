#pragma once

#include <optional>
#include <string_view>

namespace edgetide::kube {

/// Which of two resource versions of one resource is newer: negative when `a` is older, zero when
/// they are equal, positive when `a` is newer.
///
/// Nothing when they differ and either is not a positive decimal integer without leading zeros:
/// such versions have no order (KEP-5504). Compared by length, then by digits, so that no number is
/// too large.
[[nodiscard]] std::optional<int> compare_versions(std::string_view a, std::string_view b);

}  // namespace edgetide::kube
