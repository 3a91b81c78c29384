#pragma once

#include <vector>

#include "edgetide/ports/demand_source.h"
#include "edgetide/ports/event_source.h"
#include "edgetide/ports/pool_repository.h"
#include "simulation/world.h"

namespace edgetide::simulation {

/// The world's fleets as the reconciler sees them; orders to a changed target conflict.
class WorldPools final : public ports::PoolRepository {
 public:
  explicit WorldPools(World& world) : world_(world) {}

  /// The farthest first.
  [[nodiscard]] std::vector<ObjectKey> keys() override;
  [[nodiscard]] Result<model::EdgePool> find(const ObjectKey& key) override;
  [[nodiscard]] std::vector<model::DomainObservation> fleet(const model::EdgePool& pool) override;
  [[nodiscard]] model::Room room(const model::EdgePool& pool) override;
  [[nodiscard]] Result<void> scale(const model::EdgePool& pool,
                                   const ports::ScaleOrder& order) override;
  [[nodiscard]] Result<void> rehearse(const model::EdgePool&, const ports::ScaleOrder&) override {
    return {};
  }

 private:
  [[nodiscard]] PoolFleet& fleet_of(const model::EdgePool& pool);

  World& world_;
};

/// The world's audience as a metrics server tells it; of a pool that is drawn from what is fetched,
/// in Mbit/s as its viewers.
class WorldDemand final : public ports::DemandSource {
 public:
  explicit WorldDemand(World& world) : world_(world) {}

  [[nodiscard]] model::DemandReadings read(const model::EdgePool& pool, Instant now) override;
  [[nodiscard]] Result<model::DemandHistory> history(const model::EdgePool& pool,
                                                     const ports::HistoryRange& range) override;

 private:
  [[nodiscard]] model::Reading reading(double value, Instant now) const;

  World& world_;
};

/// What was announced; local time is UTC.
class WorldEvents final : public ports::EventSource {
 public:
  explicit WorldEvents(const World& world) : world_(world) {}

  [[nodiscard]] model::EventCalendar calendar(const model::EdgePool&) override {
    return world_.scenario().calendar;
  }
  [[nodiscard]] model::UtcOffsets offsets(const model::EdgePool&) override { return {}; }

 private:
  const World& world_;
};

}  // namespace edgetide::simulation
