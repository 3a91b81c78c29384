#pragma once

#include <unistd.h>

#include <array>
#include <string>

namespace edgetide::app {

/// In a pod, the pod's name.
[[nodiscard]] inline std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "edgetide";
}

}  // namespace edgetide::app
