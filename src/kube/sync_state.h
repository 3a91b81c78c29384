#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "kube/reflector.h"

namespace edgetide::kube {

/// What keeps a set of reflectors from having been filled.
struct SyncState {
  std::vector<std::string> missing;  ///< Names, with the trouble of each.
  std::optional<Error> refused;      ///< By a server that says no: waiting will not help.
};

/// Of the resources that nothing can be done without.
[[nodiscard]] SyncState sync_state(const std::vector<Reflector*>& reflectors);

/// Of the pools' targets, where one that is wrong must not hold up all others: a watch whose
/// trouble will last counts as known to be unknown.
[[nodiscard]] std::vector<std::string> unsettled(const std::vector<Reflector*>& reflectors);

/// Why what the reflector keeps is not known now; nothing when it is. A watch that has been down
/// for longer than `stale_after` tells nothing.
[[nodiscard]] std::optional<Error> not_current(const Reflector& reflector,
                                               std::chrono::milliseconds stale_after);

}  // namespace edgetide::kube
