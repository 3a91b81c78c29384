#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "edgetide/model/pause.h"
#include "json/json.h"

/// A pause stands in two annotations of an EdgePool, so that `kubectl annotate` can set it as well.
namespace edgetide::kube {

inline constexpr std::string_view kPausedUntil = "edgetide.io/paused-until";
/// What both begin with.
inline constexpr std::string_view kPausePrefix = "edgetide.io/paused-";
inline constexpr std::string_view kPausedReplicas = "edgetide.io/paused-replicas";

struct PauseReading {
  std::optional<model::Pause> pause;  ///< Also one that is over.
  std::string problem;  ///< Why the annotations cannot be followed; empty when they can.
};

[[nodiscard]] PauseReading read_pause(const json::Value& pool_object);

/// A JSON merge patch that sets the pause, or takes it away.
[[nodiscard]] json::Value pause_patch(const std::optional<model::Pause>& pause);

}  // namespace edgetide::kube
