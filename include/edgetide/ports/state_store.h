#pragma once

#include <optional>
#include <string>

#include "edgetide/core/time.h"
#include "edgetide/model/edge_pool.h"

namespace edgetide::ports {

/// Where what a pool has learned outlives the process. What cannot be kept or read is no error:
/// then it is learned again.
class StateStore {
 public:
  struct Kept {
    std::string bytes;
    Instant at;  ///< Of the last sample that was learned.
  };

  virtual ~StateStore() = default;

  /// What was last kept for this pool, told apart by its uid.
  [[nodiscard]] virtual std::optional<Kept> load(const model::EdgePool& pool) = 0;
  /// Never waits for a disk.
  virtual void keep(const model::EdgePool& pool, Kept state) = 0;
};

}  // namespace edgetide::ports
