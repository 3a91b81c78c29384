#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/time.h"
#include "edgetide/model/metric_source.h"
#include "promql/client.h"

/// How old an answer is.
///
/// The time in an instant answer is that of the evaluation. The samples below may be older by the
/// server's lookback (five minutes by default), so an exporter that hangs looks alive for as long.
/// The time of the samples is asked for with a second query over the same selectors, in the same
/// request:
///
///   (sum by (namespace, pool, zone) (sessions))
///   or
///   label_replace(min by (namespace, pool) (timestamp(sessions)), "is_edgetide_time", "1", "", "")
///
/// *Sample time* of an answer: that of its oldest sample. A sum is as old as its oldest part.
/// `offset` and `@` are left out of account: who writes them asks for the past. The age of what a
/// recording rule was computed from cannot be known; its own samples' age is.
namespace edgetide::promql {

/// The query for the sample times of `expression`, by the labels of the pool when `labels` are
/// given. Nothing for an expression that reads no series, which is never old.
[[nodiscard]] std::optional<std::string> sample_time_query(const std::string& expression,
                                                           const model::SourceLabels* labels);

/// Both queries in one: neither hides a series of the other, since the label is the times' alone.
[[nodiscard]] std::string with_sample_times(const std::string& expression,
                                            const std::string& times_query);

/// The answer to that, taken apart; what the server warned of goes for both.
struct ValuesAndTimes {
  InstantVector values;
  InstantVector times;
};
[[nodiscard]] ValuesAndTimes values_and_times(InstantVector both);

/// The answer to the query for sample times.
class SampleTimes {
 public:
  SampleTimes() = default;
  /// Values that are not times are left out.
  SampleTimes(const InstantVector& answer, const model::SourceLabels& labels);

  /// The oldest sample behind the pool's value: of the series with the pool's labels and those that
  /// carry only some labels and do not contradict; when no series fits, of all. Nothing when there
  /// is no sample at all.
  [[nodiscard]] std::optional<Instant> oldest(const ObjectKey& pool) const;

 private:
  struct Loose {
    ObjectKey labels;  ///< Empty where the series has no such label.
    Instant at;
  };
  std::map<ObjectKey, Instant> by_pool_;
  std::vector<Loose> loose_;
  std::optional<Instant> oldest_;
};

}  // namespace edgetide::promql
