#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "edgetide/model/metric_source.h"
#include "edgetide/ports/demand_source.h"
#include "promql/connection.h"
#include "promql/source.h"

namespace edgetide::promql {

/// Demand from any number of MetricSources, each asked once an interval for all of its pools.
///
/// Reading asks on its own when an interval has passed and `refresh` has not asked for two seconds
/// after; `refresh` asks all sources at once, so that a server that hangs keeps no reader waiting.
/// Safe for use from several threads at once.
class DemandSource final : public ports::DemandSource {
 public:
  DemandSource(SecretReader read_secret, Connect connect);

  /// Replaces the set. A source that is the same as before keeps its answers and connection.
  void set_sources(const std::vector<model::MetricSource>& sources);

  /// Asks every source whose interval has passed, each in a thread of its own; returns when all
  /// have answered or given up, after about ten seconds at most. The pools whose viewers have risen
  /// by a twentieth, of each source the steepest rise first; nothing when no source was asked.
  std::optional<std::vector<ObjectKey>> refresh(Instant now);

  /// Gives up what is under way, and asks nobody any more: what was read before stays.
  void stop() { stop_.request_stop(); }

  [[nodiscard]] model::DemandReadings read(const model::EdgePool& pool, Instant now) override;
  [[nodiscard]] Result<model::DemandHistory> history(const model::EdgePool& pool,
                                                     const ports::HistoryRange& range) override;
  /// Nothing while there is no usable MetricSource of that name, or no query.
  [[nodiscard]] std::optional<std::string> viewers_query(const model::EdgePool& pool) override;

 private:
  [[nodiscard]] std::shared_ptr<Source> find(const std::string& name);

  const SecretReader read_secret_;
  const Connect connect_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Source>> sources_;
};

}  // namespace edgetide::promql
