#pragma once

#include <optional>
#include <string>

#include "edgetide/core/result.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/observation.h"

namespace edgetide::ports {

struct HistoryRange {
  Instant from;
  Instant to;
  Seconds step;
};

/// Where load is read.
class DemandSource {
 public:
  virtual ~DemandSource() = default;

  /// The load on the pool now. Never fails: what went wrong is in the readings' freshness.
  [[nodiscard]] virtual model::DemandReadings read(const model::EdgePool& pool, Instant now) = 0;

  /// The pool's viewers over a range of the past. An empty history is an answer (nothing recorded).
  [[nodiscard]] virtual Result<model::DemandHistory> history(const model::EdgePool& pool,
                                                             const HistoryRange& range) = 0;

  /// How the pool's viewers are counted: what was learned of one query says nothing of another's
  /// answers. Nothing while that is not known.
  [[nodiscard]] virtual std::optional<std::string> viewers_query(const model::EdgePool&) {
    return std::string{};
  }
};

}  // namespace edgetide::ports
