#pragma once

#include <map>
#include <string>
#include <vector>

#include "edgetide/model/demand_history.h"
#include "edgetide/model/metric_source.h"
#include "edgetide/ports/demand_source.h"
#include "promql/client.h"
#include "promql/total.h"

namespace edgetide::promql {

/// The range in queries that a server takes: at most 11,000 steps and seven days each, and one day
/// where the step is below a minute. \pre step of at least a second, from not after to.
[[nodiscard]] std::vector<RangeQuery> chunks(const std::string& expression,
                                             const ports::HistoryRange& range);

/// `expression` with all series but the pool's left out, whatever it computes.
[[nodiscard]] std::string only_pool(const std::string& expression, const ObjectKey& pool,
                                    const model::SourceLabels& labels);

/// Collects the series of a pool over time and keeps the moments at which the answer was whole.
class HistoryBuilder {
 public:
  explicit HistoryBuilder(Coverage coverage, std::string domain_label);

  void add(const Matrix& matrix);
  /// Moments with a domain missing, several series for one, or an impossible value are gaps.
  [[nodiscard]] model::DemandHistory history() const;

 private:
  Coverage coverage_;
  std::string domain_label_;
  std::map<Instant, std::vector<Part>> by_time_;
};

}  // namespace edgetide::promql
