#pragma once

#include <optional>

#include "edgetide/core/ids.h"
#include "edgetide/core/result.h"
#include "edgetide/model/pause.h"
#include "json/json.h"
#include "kube/client.h"

namespace edgetide::kube {

/// A change of a pool's pause by a person who has seen the pool.
struct PauseChange {
  json::Value seen;                   ///< The EdgePool as it was read.
  std::optional<model::Pause> pause;  ///< Nothing takes the pause away.
  bool dry_run = false;               ///< The server says what it would say, and keeps nothing.
};

/// Writes it under the precondition that nobody has changed the pool since: where only the
/// operator's status has moved on it is tried again, five times at most; kConflict where the pause
/// or the spec has been changed, or the pool is another of the same name.
[[nodiscard]] Result<void> write_pause(Client& client, const ObjectKey& pool,
                                       const PauseChange& change);

}  // namespace edgetide::kube
