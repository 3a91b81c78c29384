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
  /// Why what is kept would not be there after a restart, empty when it will be; nothing where it
  /// is not meant to outlive the process.
  [[nodiscard]] virtual std::optional<std::string> trouble() const { return std::nullopt; }
};

}  // namespace edgetide::ports
