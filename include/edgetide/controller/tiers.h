#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "edgetide/core/ids.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/model/upstream.h"
#include "edgetide/ports/pool_repository.h"

namespace edgetide::controller {

/// Who draws from whom, and how much by the last plans: what tiers that are farther from the
/// viewers are sized by.
class DrawnLoads {
 public:
  /// The first time: takes up who draws from whom, of which no plan has told how much.
  void expect(ports::PoolRepository& pools);
  /// Takes up that a pool draws, and what. Nothing to tell keeps what was told last: no plan is not
  /// zero.
  void note(const ObjectKey& drawing, const ObjectKey& upstream,
            const std::optional<model::DrawnLoad>& load);
  /// The pool draws from nobody any more.
  void forget(const ObjectKey& drawing);

  /// What all that draw from the pool will fetch, as far as it is known; nothing when it is of
  /// none.
  [[nodiscard]] std::optional<model::DrawnLoad> of(const ObjectKey& upstream) const;
  /// One that draws from the pool, and nobody knows yet how much; nothing when there is none.
  [[nodiscard]] std::optional<ObjectKey> unknown_of(const ObjectKey& upstream) const;

 private:
  using ByDrawing = std::map<ObjectKey, std::optional<model::DrawnLoad>>;

  std::unordered_map<ObjectKey, ObjectKey> upstreams_;  ///< By the pool that draws.
  std::unordered_map<ObjectKey, ByDrawing> loads_;      ///< By upstream.
  bool expected_ = false;
};

/// What a pool serves now is a part of what it will serve while one that draws from it has not told
/// how much. \param drawing one that has not; nothing when all have
void doubt_what_is_drawn(const std::optional<ObjectKey>& drawing, model::DemandReadings& demand);

/// The pool that another one draws from, as that one sees it.
struct UpstreamLook {
  ObjectKey key;
  Seconds lead_time{0};        ///< As it declares it; zero when it cannot be drawn from.
  model::Condition condition;  ///< `UpstreamValid`, with what is wrong.

  [[nodiscard]] bool valid() const { return condition.status == model::ConditionStatus::kTrue; }
};

/// Nothing for a pool that draws from none. An upstream has to stand in a farther tier, so that no
/// pools can draw from each other in a circle.
[[nodiscard]] std::optional<UpstreamLook> look_at_upstream(const model::EdgePool& pool,
                                                           ports::PoolRepository& pools);

}  // namespace edgetide::controller
