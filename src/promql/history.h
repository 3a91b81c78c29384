#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "edgetide/model/demand_history.h"
#include "edgetide/model/metric_source.h"
#include "edgetide/ports/demand_source.h"
#include "promql/client.h"
#include "promql/total.h"

namespace edgetide::promql {

/// The range in queries that a server takes: at most 11,000 steps and seven days each, and one day
/// where the step is below a minute; no more than `most_steps` where that is fewer.
/// \pre step of at least a second, from not after to.
[[nodiscard]] std::vector<RangeQuery> chunks(const std::string& expression,
                                             const ports::HistoryRange& range,
                                             std::int64_t most_steps = 11'000);

/// `expression` with all series but those of the pools left out, whatever it computes.
/// \pre at least one pool.
[[nodiscard]] std::string only_pools(const std::string& expression,
                                     std::span<const ObjectKey> pools,
                                     const model::SourceLabels& labels);

/// Series of many pools, collected chunk by chunk.
class SeriesByPool {
 public:
  /// Tells pools apart by `labels`; with nullptr all series belong to the empty key.
  explicit SeriesByPool(const model::SourceLabels* labels) : labels_(labels) {}

  /// \pre chunks come in the order of time.
  void add(Matrix chunk);
  /// The pool's series, which are then gone.
  [[nodiscard]] std::vector<RangeSeries> take(const ObjectKey& pool);

 private:
  const model::SourceLabels* labels_;
  std::map<ObjectKey, std::vector<RangeSeries>> series_;
};

/// A pool's demand at the moments at which its series are whole: those with a domain missing,
/// several series for one, or an impossible value are gaps.
[[nodiscard]] model::DemandHistory whole_moments(const std::vector<RangeSeries>& series,
                                                 const Coverage& coverage);

}  // namespace edgetide::promql
