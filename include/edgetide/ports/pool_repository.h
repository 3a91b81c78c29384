#pragma once

#include <span>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"

namespace edgetide::ports {

/// One write to one scale target.
struct ScaleOrder {
  std::size_t domain = 0;  ///< Index into the pool's domains.
  Replicas from;           ///< What the plan observed; a different value now is a conflict.
  Replicas to;
};

/// Pools and the fleets behind them.
class PoolRepository {
 public:
  virtual ~PoolRepository() = default;

  /// Every pool there is, in a stable order.
  [[nodiscard]] virtual std::vector<ObjectKey> keys() = 0;

  /// The pool as its owner wrote it; kNotFound when deleted, kInvalid with every problem listed
  /// when it cannot be used and there is no earlier usable version.
  [[nodiscard]] virtual Result<model::EdgePool> find(const ObjectKey& key) = 0;

  /// What stands in each domain, in the pool's order. What could not be read is not `known`.
  [[nodiscard]] virtual std::vector<model::DomainObservation> fleet(
      const model::EdgePool& pool) = 0;

  /// What the cluster has room for, those that stand included. Nothing is known of it where nobody
  /// looks.
  [[nodiscard]] virtual model::Room room(const model::EdgePool&) { return {}; }

  /// Writes the target's replicas under the precondition that they are still `from`: kConflict
  /// otherwise, and nothing written.
  [[nodiscard]] virtual Result<void> scale(const model::EdgePool& pool,
                                           const ScaleOrder& order) = 0;

  /// Several such writes, each to another domain of the pool; what came of each, in their order.
  /// One that fails keeps none of the others from being tried.
  [[nodiscard]] virtual std::vector<Result<void>> scale_all(const model::EdgePool& pool,
                                                            std::span<const ScaleOrder> orders) {
    std::vector<Result<void>> written;
    for (const ScaleOrder& order : orders) written.push_back(scale(pool, order));
    return written;
  }

  /// Asks whether that write would be accepted, by rights, admission and quota, and changes
  /// nothing.
  [[nodiscard]] virtual Result<void> rehearse(const model::EdgePool& pool,
                                              const ScaleOrder& order) = 0;
};

}  // namespace edgetide::ports
