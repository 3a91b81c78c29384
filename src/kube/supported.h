#pragma once

#include <string>

/// The versions of Kubernetes that this program is made for; docs/compatibility.md and the chart
/// say the same.
namespace edgetide::kube {

/// Before it the definitions' rules are not understood.
inline constexpr int kOldestMinor = 30;
inline constexpr int kTestedMinor = 34;

/// "1.30"
[[nodiscard]] inline std::string minor_text(int minor) { return "1." + std::to_string(minor); }

}  // namespace edgetide::kube
