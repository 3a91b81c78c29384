#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <utility>
#include <vector>

#include "edgetide/model/metric_source.h"
#include "edgetide/ports/demand_source.h"
#include "promql/connection.h"
#include "promql/history.h"

namespace edgetide::promql {

/// Reads the past of a source's pools.
///
/// A server computes a batch query for every pool, whichever are asked for: so the past of many
/// pools is read in one go, and kept for the two minutes in which the others will want theirs. At
/// first that is of as many pools as 200,000 points hold; once most of those have come for theirs,
/// two million (eight weeks of five-minute steps for forty pools of three domains), or, of a range
/// of up to 1,200 points a pool, the whole fleet's, which is what its states will take: so are six
/// hours of minutes of pools of up to three domains. One answer holds at most a million points. A
/// server that did not answer is left alone for a minute, by all pools. Safe for use from several
/// threads at once; one of them asks the server.
class HistoryReader {
 public:
  /// `budget` is for one history of up to two million points, all chunks together: who asks waits
  /// for it. One that is larger may take longer in proportion.
  /// \pre `spec` and `connection` outlive the reader.
  HistoryReader(const model::MetricSource& spec, Connection& connection, std::stop_token stop,
                std::chrono::milliseconds budget = std::chrono::seconds{45})
      : spec_(spec), connection_(connection), stop_(std::move(stop)), budget_(budget) {}

  /// By a query of the pool's own.
  [[nodiscard]] Result<model::DemandHistory> own(const std::string& expression,
                                                 const Coverage& coverage,
                                                 const ports::HistoryRange& range);

  using Pools = std::function<std::vector<ObjectKey>()>;

  /// By the source's batch query. `pools` tells which it is known to answer for, sorted; the
  /// history may end up to two minutes early.
  [[nodiscard]] Result<model::DemandHistory> batch(const std::string& expression,
                                                   const ObjectKey& pool, const Coverage& coverage,
                                                   const ports::HistoryRange& range,
                                                   const Pools& pools);

  /// Lets go of what nobody has wanted.
  void drop_old();

 private:
  struct Batch {
    ports::HistoryRange range;
    std::chrono::steady_clock::time_point read_at;
    std::set<ObjectKey> pools;  ///< That have not taken theirs yet.
    SeriesByPool series;
  };

  /// Nothing before `begin` between `from` and the time it was asked.
  struct Recorded {
    std::string expression;
    Instant from;
    Instant begin;
    std::chrono::steady_clock::time_point asked_at;
  };

  struct Taken {
    std::int64_t pools = 0;
    std::chrono::steady_clock::time_point last;
  };

  /// The pool's series.
  [[nodiscard]] Result<std::vector<RangeSeries>> series_of(const std::string& expression,
                                                           const ObjectKey& pool,
                                                           std::int64_t domains,
                                                           const ports::HistoryRange& range,
                                                           const Pools& pools);
  /// Reads the past of that pool, and of others that will want theirs.
  [[nodiscard]] Result<Batch*> read_batch(const std::string& expression, const ObjectKey& pool,
                                          std::int64_t domains, const ports::HistoryRange& range,
                                          const std::vector<ObjectKey>& pools);
  void drop_unwanted();
  /// How many pools have taken a past of that step, one soon after the other, until now.
  [[nodiscard]] std::int64_t taken_lately(Seconds step) const;
  /// To read in one go, where each of the pools takes so many.
  [[nodiscard]] std::int64_t most_points(Seconds step, std::int64_t points,
                                         std::int64_t pools) const;
  [[nodiscard]] Batch* batch_for(const ObjectKey& pool, const ports::HistoryRange& range);
  /// The range without its beginning where the server has nothing recorded for any pool: most
  /// keep less than is asked for. The whole range when that cannot be told.
  [[nodiscard]] ports::HistoryRange recorded_part(const std::string& expression,
                                                  const ports::HistoryRange& range);
  /// Of so many series.
  [[nodiscard]] std::optional<Error> read(const std::string& expression,
                                          const ports::HistoryRange& range, std::int64_t width,
                                          SeriesByPool& series);
  [[nodiscard]] std::optional<Error> read_chunks(const std::vector<RangeQuery>& chunks,
                                                 std::chrono::milliseconds budget,
                                                 SeriesByPool& series);

  const model::MetricSource& spec_;
  Connection& connection_;
  const std::stop_token stop_;
  const std::chrono::milliseconds budget_;
  std::mutex mutex_;
  std::vector<Batch> batches_;
  std::map<Seconds, Taken> taken_;  ///< By step.
  std::optional<Recorded> recorded_;
  std::optional<Error> outage_;
  std::chrono::steady_clock::time_point outage_until_;
};

}  // namespace edgetide::promql
