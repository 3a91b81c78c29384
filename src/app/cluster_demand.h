#pragma once

#include <cstdint>
#include <optional>

#include "kube/cluster.h"
#include "promql/demand_source.h"

namespace edgetide::app {

/// Demand from the MetricSources that a cluster holds, followed as they change.
class ClusterDemand final : public ports::DemandSource {
 public:
  explicit ClusterDemand(kube::Cluster& cluster);

  [[nodiscard]] model::DemandReadings read(const model::EdgePool& pool, Instant now) override;
  [[nodiscard]] Result<model::DemandHistory> history(const model::EdgePool& pool,
                                                     const ports::HistoryRange& range) override;

 private:
  void follow_sources();

  kube::Cluster& cluster_;
  promql::DemandSource demand_;
  std::optional<std::uint64_t> version_;
};

}  // namespace edgetide::app
