#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "edgetide/ports/clock.h"
#include "kube/cluster.h"
#include "promql/demand_source.h"

namespace edgetide::app {

/// Demand from the MetricSources that a cluster holds, followed as they change. A source that is
/// due is asked when one of its pools is read, unless `keep_asking` was faster.
class ClusterDemand final : public ports::DemandSource {
 public:
  explicit ClusterDemand(kube::Cluster& cluster);

  /// Asks every source as its interval passes, until stopped: then a source that hangs delays
  /// nobody who reads. `on_answers` is called whenever there is something new to read, with what
  /// `refresh` has returned.
  void keep_asking(const ports::Clock& clock,
                   const std::function<void(std::vector<ObjectKey>)>& on_answers,
                   std::stop_token stop);

  /// As promql::DemandSource::refresh.
  std::optional<std::vector<ObjectKey>> refresh(Instant now);

  /// From now on no source is asked, and none is waited for.
  void stop() { demand_.stop(); }

  [[nodiscard]] model::DemandReadings read(const model::EdgePool& pool, Instant now) override;
  [[nodiscard]] Result<model::DemandHistory> history(const model::EdgePool& pool,
                                                     const ports::HistoryRange& range) override;
  [[nodiscard]] std::optional<std::string> viewers_query(const model::EdgePool& pool) override;

 private:
  void follow_sources();

  kube::Cluster& cluster_;
  promql::DemandSource demand_;
  std::mutex mutex_;
  std::optional<std::uint64_t> version_;
};

}  // namespace edgetide::app
