#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/metric_source.h"
#include "edgetide/ports/demand_source.h"
#include "promql/client.h"
#include "promql/connection.h"
#include "promql/history_reader.h"
#include "promql/query_answer.h"

namespace edgetide::promql {

/// One MetricSource: asks its server, remembers the answers for an interval, serves its pools.
///
/// *Round*: all batch queries asked for one instant, together within ten seconds. Who comes while a
/// round is under way gets the round before. A server that could not be reached is not asked again
/// in the same interval, by nobody. Safe for use from several threads at once.
class Source {
 public:
  /// Nobody is asked any more once `stop` is requested.
  Source(model::MetricSource spec, const SecretReader& read_secret, const Connect& connect,
         std::stop_token stop = {});

  [[nodiscard]] const model::MetricSource& spec() const { return spec_; }

  /// The pool's own query for the resource where the pool has queries, else the source's; nothing
  /// when there is none.
  [[nodiscard]] std::optional<std::string> query_of(const model::EdgePool& pool,
                                                    const std::string& resource) const;

  /// By which query of whose answers the pool's viewers are counted, and which of its series are
  /// the pool's; nothing when there is no query.
  [[nodiscard]] std::optional<std::string> viewers_counted_by(const model::EdgePool& pool) const;

  /// The interval has passed and nobody is asking.
  [[nodiscard]] bool due(Instant now);
  /// Asks the batch queries if the interval has passed. The pools with more viewers than before, as
  /// QueryAnswer::risen_since.
  std::vector<ObjectKey> refresh(Instant now);

  /// What the query for the resource says; nothing when there is none.
  [[nodiscard]] std::optional<model::Reading> read(const model::EdgePool& pool,
                                                   const std::string& resource, Instant now);

  /// As ports::DemandSource::history; may end up to two minutes early.
  [[nodiscard]] Result<model::DemandHistory> history(const model::EdgePool& pool,
                                                     const ports::HistoryRange& range);

 private:
  using Answer = std::shared_ptr<const QueryAnswer>;
  struct Round {
    Instant asked_at;
    std::map<std::string, Answer> by_resource;
  };

  [[nodiscard]] bool allows(const std::string& name_space) const;
  /// A round that is not older, if need be by asking.
  [[nodiscard]] std::shared_ptr<const Round> round(Instant now, Seconds at_most);
  [[nodiscard]] Round ask_round(const Round* before, Instant now);
  [[nodiscard]] Answer own_answer(const std::string& expression, Instant now);
  [[nodiscard]] QueryAnswer ask(const std::string& expression, bool batch, Instant now,
                                ClientLimits limits);
  /// Values and sample times one after the other: for an expression that has no place in a larger
  /// one, such as a scalar.
  [[nodiscard]] QueryAnswer ask_apart(Client& client, const std::string& expression,
                                      const std::string& times_query, bool batch, Instant now);
  /// Remembers an outage that the answer tells of.
  [[nodiscard]] Result<InstantVector> noted(Result<InstantVector> answer, Instant now);
  [[nodiscard]] bool is_asked_apart(const std::string& expression);
  void note_asked_apart(const std::string& expression);
  [[nodiscard]] std::optional<Error> outage(Instant now);
  void remember_outage(const Error& error, Instant now);
  [[nodiscard]] Coverage coverage(const model::EdgePool& pool, bool own) const;
  [[nodiscard]] std::vector<ObjectKey> pools_answered_for();

  const model::MetricSource spec_;
  const std::stop_token stop_;
  Connection connection_;
  HistoryReader history_;

  std::mutex mutex_;
  std::condition_variable round_done_;
  bool asking_ = false;
  std::shared_ptr<const Round> round_;
  std::map<std::string, Answer> own_answers_;  ///< By expression.
  std::set<std::string> asked_apart_;
  std::optional<Error> outage_;
  Instant outage_at_{};
};

}  // namespace edgetide::promql
