#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/result.h"
#include "edgetide/model/metric_source.h"
#include "edgetide/model/observation.h"
#include "promql/client.h"
#include "promql/sample_age.h"
#include "promql/total.h"

namespace edgetide::promql {

/// What became of one query, ready to be looked up by pool.
///
/// A batch query answers for every pool, told apart by the source's labels; a pool's own query
/// answers for it alone and stands under the empty key.
class QueryAnswer {
 public:
  /// The query could not be asked, or was refused.
  QueryAnswer(Instant asked_at, Error failure);
  QueryAnswer(Instant asked_at, const InstantVector& values, const model::SourceLabels& labels,
              bool batch);

  /// \pre not failed. Without times, or with a failure to get them, values count as stale.
  void set_times(Result<SampleTimes> times);
  /// The query reads no series, so that its values are of the moment it was asked.
  void set_timeless() { timeless_ = true; }

  [[nodiscard]] Instant asked_at() const { return asked_at_; }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  /// The pools that it answers for, sorted.
  [[nodiscard]] std::vector<ObjectKey> pools() const;

  struct Question {
    ObjectKey pool;  ///< Empty for the pool's own query.
    Coverage coverage;
    Instant now;
    Seconds max_sample_age;
  };
  /// The reading for a pool, fully judged.
  [[nodiscard]] model::Reading reading(const Question& question) const;

 private:
  [[nodiscard]] model::Reading aged(model::Reading reading, const Question& question) const;

  Instant asked_at_;
  std::optional<Error> failure_;
  std::map<ObjectKey, std::vector<Part>> parts_;
  std::vector<std::string> warnings_;
  std::optional<SampleTimes> times_;
  std::string times_failure_;
  bool timeless_ = false;
};

}  // namespace edgetide::promql
