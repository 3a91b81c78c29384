#pragma once

#include <map>
#include <memory>
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
  /// After the answer before. Where that had no series, or it and those before it were none for a
  /// notable part of the query's longest window, too little is told until that is full again; so is
  /// of a pool one of whose series has come, or come back after as long.
  void follow(const QueryAnswer& before, Seconds window);

  [[nodiscard]] Instant asked_at() const { return asked_at_; }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  /// The pools that it answers for, sorted.
  [[nodiscard]] std::vector<ObjectKey> pools() const;
  /// Those whose values have risen by a twentieth in all, the steepest rise first.
  [[nodiscard]] std::vector<ObjectKey> risen_since(const QueryAnswer& before) const;

  struct Question {
    ObjectKey pool;  ///< Empty for the pool's own query.
    Coverage coverage;
    Instant now;
    Seconds max_sample_age;
  };
  /// The reading for a pool, fully judged.
  [[nodiscard]] model::Reading reading(const Question& question) const;

 private:
  using Parts = std::map<ObjectKey, std::vector<Part>>;
  /// When the series of domains that were missing from answers since were last there.
  using Missing = std::map<ObjectKey, std::map<std::string, Instant>>;

  /// Notes the domains that the last answer had series of, and this one has not.
  void note_missing(const QueryAnswer& before, Seconds window);
  /// Notes the pools that have series of domains of which the last answers had none.
  void note_new_series(const QueryAnswer& before, Seconds window);
  /// Why windows of the pool's may not be full; empty when they are.
  [[nodiscard]] std::string unfilled(const ObjectKey& pool) const;
  [[nodiscard]] model::Reading aged(model::Reading reading, const Question& question) const;

  Instant asked_at_;
  std::optional<Error> failure_;
  std::shared_ptr<const Parts> parts_;  ///< nullptr where there are no series.
  std::shared_ptr<const Parts> last_;   ///< Of the last answer with series, this one or before.
  std::vector<std::string> warnings_;
  std::optional<SampleTimes> times_;
  std::string times_failure_;
  bool timeless_ = false;
  Instant answered_at_{};  ///< When there last were series.
  Instant full_at_{};      ///< Its windows.
  std::map<ObjectKey, Instant> pools_full_at_;
  Missing missing_;
};

}  // namespace edgetide::promql
