#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "edgetide/model/demand_history.h"
#include "edgetide/ports/clock.h"
#include "edgetide/ports/demand_source.h"
#include "edgetide/ports/event_source.h"
#include "edgetide/ports/pool_repository.h"
#include "kube/manifests.h"

namespace edgetide::app {

/// Pools from files, with a fleet that is assumed: nothing is ever written.
class FilePools final : public ports::PoolRepository {
 public:
  /// `per_domain` replicas stand, all Ready, in each domain; the pool's minimum, spread, without
  /// it.
  /// \param spread over what the scheduler spreads the one workload of pools that have one, evenly;
  /// not known without.
  FilePools(std::vector<model::EdgePool> pools, std::optional<Replicas> per_domain,
            std::optional<model::Spread> spread);

  [[nodiscard]] std::vector<ObjectKey> keys() override;
  [[nodiscard]] Result<model::EdgePool> find(const ObjectKey& key) override;
  [[nodiscard]] std::vector<model::DomainObservation> fleet(const model::EdgePool& pool) override;
  [[nodiscard]] Result<void> scale(const model::EdgePool& pool,
                                   const ports::ScaleOrder& order) override;
  [[nodiscard]] Result<void> rehearse(const model::EdgePool& pool,
                                      const ports::ScaleOrder& order) override;

 private:
  std::map<ObjectKey, model::EdgePool> pools_;
  std::optional<Replicas> per_domain_;
  std::optional<model::Spread> spread_;
};

/// One recorded series of viewers, for whichever pool asks that no other draws from: whom those
/// others serve is not watching it. What is later than the moment of asking is not known yet.
class FileDemand final : public ports::DemandSource {
 public:
  /// What a recording is told with.
  struct Facts {
    /// Of a viewer, which tells the egress; without it that is Missing.
    std::optional<BitsPerSecond> bitrate;
    std::set<ObjectKey> drawn_from;          ///< Pools whose viewers are those of others.
    std::map<std::string, Seconds> max_age;  ///< Of a fresh value, by MetricSource.
  };

  /// A sample is Fresh for as long as the pool's source lets it be, or ten minutes where it is not
  /// known; never for less than the recording's own step, since it stands for that.
  FileDemand(model::DemandHistory recorded, Facts facts);

  [[nodiscard]] model::DemandReadings read(const model::EdgePool& pool, Instant now) override;
  [[nodiscard]] Result<model::DemandHistory> history(const model::EdgePool& pool,
                                                     const ports::HistoryRange& range) override;

 private:
  [[nodiscard]] model::Reading viewers_at(Instant now, const std::string& source) const;

  model::DemandHistory recorded_;
  Facts facts_;
  Seconds step_;  ///< Usually between two samples.
};

/// StreamEvents from files, for the pools they select, and the events of calendar files, for all;
/// with what their classes, from files too, make expect of them.
class FileEvents final : public ports::EventSource {
 public:
  FileEvents(std::vector<kube::StreamEventResource> announced,
             std::vector<model::StreamEvent> for_all, std::vector<model::EventClass> classes);

  [[nodiscard]] model::EventCalendar calendar(const model::EdgePool& pool) override;
  [[nodiscard]] model::UtcOffsets offsets(const model::EdgePool& pool) override;

 private:
  std::vector<kube::StreamEventResource> announced_;
  std::vector<model::StreamEvent> for_all_;
  std::vector<model::EventClass> classes_;
};

}  // namespace edgetide::app
