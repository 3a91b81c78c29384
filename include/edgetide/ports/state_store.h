#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/time.h"
#include "edgetide/model/demand_history.h"

namespace edgetide::ports {

/// Where what a pool has learned outlives the process. What cannot be kept or read is no error:
/// then it is learned again.
class StateStore {
 public:
  /// Whose it is. What another pool of that name has learned is not its own, and what it has
  /// learned of viewers that were counted in another way says nothing of those of now.
  struct Owner {
    ObjectKey pool;
    std::string id;
  };
  struct Kept {
    std::string bytes;
    Instant at;  ///< Of the last sample that was learned.
  };

  virtual ~StateStore() = default;

  [[nodiscard]] virtual std::optional<Kept> load(const Owner& owner) = 0;
  /// Never waits for a disk.
  virtual void keep(const Owner& owner, Kept state) = 0;

  /// The demand that was kept, oldest first: what its newest days can be learned from where its
  /// source has lost them.
  [[nodiscard]] virtual std::vector<model::DemandSample> demand(const Owner& owner) = 0;
  /// Adds to it what was read since the last time. Never waits for a disk.
  virtual void keep_demand(const Owner& owner, model::DemandHistory newest) = 0;
  /// Why what is kept would not be there after a restart, empty when it will be; nothing where it
  /// is not meant to outlive the process.
  [[nodiscard]] virtual std::optional<std::string> trouble() const { return std::nullopt; }
};

}  // namespace edgetide::ports
