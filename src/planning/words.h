#pragma once

#include <cmath>
#include <string>

#include "edgetide/core/quantity.h"

namespace edgetide::planning {

/// "41,230": for sentences.
[[nodiscard]] inline std::string grouped(double number) {
  std::string digits = std::to_string(std::llround(number));
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

[[nodiscard]] inline std::string text(Replicas replicas) {
  return std::to_string(replicas.count());
}

}  // namespace edgetide::planning
