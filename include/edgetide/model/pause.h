#pragma once

#include <optional>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::model {

/// A person's word that the fleet is to stay as it is for a while.
struct Pause {
  Instant until{};  ///< From this moment on it means nothing any more.
  /// So many in total instead of what stands, whatever the demand; within the pool's own bounds.
  std::optional<Replicas> replicas;

  bool operator==(const Pause&) const = default;
};

/// The pause, while it lasts; nothing otherwise.
[[nodiscard]] inline std::optional<Pause> in_force(const std::optional<Pause>& pause, Instant now) {
  return pause && now < pause->until ? pause : std::nullopt;
}

}  // namespace edgetide::model
