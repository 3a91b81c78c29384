#pragma once

#include <optional>
#include <vector>

#include "edgetide/ports/clock.h"
#include "edgetide/ports/demand_source.h"
#include "edgetide/ports/event_source.h"
#include "edgetide/ports/pool_repository.h"
#include "simulation/scenario.h"

namespace edgetide::simulation {

/// Time that stands still until it is moved.
class VirtualClock final : public ports::Clock {
 public:
  explicit VirtualClock(Instant now) : now_(now) {}

  [[nodiscard]] Instant now() const override { return now_; }
  void advance(Seconds by) { now_ += by; }

 private:
  Instant now_;
};

/// The operator's clock, which a fault may set ahead of the world's or behind it.
class OperatorClock final : public ports::Clock {
 public:
  /// \pre both outlive the clock
  OperatorClock(const VirtualClock& world, const Scenario& scenario)
      : world_(world), scenario_(scenario) {}

  [[nodiscard]] Instant now() const override;

 private:
  const VirtualClock& world_;
  const Scenario& scenario_;
};

/// The zone that is lost or was lost, once it happened.
struct LostZone {
  std::size_t domain = 0;
  ZoneLoss loss;
  Ratio share;  ///< Of the Ready replicas, and so of the viewers, that it held.
};

/// What a scenario's policies act upon: its fleet and its audience in virtual time.
class World {
 public:
  /// The fleet begins Ready, evenly spread and sized for the demand at the scenario's start at 60
  /// %. \pre `scenario` outlives the world.
  explicit World(const Scenario& scenario);

  /// Lets starts finish and failures happen up to the clock's time.
  void settle();

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] VirtualClock& clock() { return clock_; }
  [[nodiscard]] const OperatorClock& operator_clock() const { return operator_clock_; }
  [[nodiscard]] Instant now() const { return clock_.now(); }
  [[nodiscard]] Fleet& fleet() { return fleet_; }
  [[nodiscard]] std::vector<DomainCounts> counts() const;
  [[nodiscard]] const std::optional<LostZone>& lost_zone() const { return lost_zone_; }

  /// What the players report: those who want to watch, but after the loss of a zone its viewers are
  /// not counted for 20 seconds and reconnect within the minute after. Nobody else is lost from
  /// sight, however overloaded the fleet is.
  [[nodiscard]] Viewers measured(Instant at) const;
  /// When the newest sample that can be read was taken.
  [[nodiscard]] Instant newest_sample() const;

  /// The fault of that kind that is under way; nullptr when none is.
  [[nodiscard]] const Fault* fault(FaultKind kind) const {
    return active_fault(scenario_.faults, kind, now());
  }
  /// What the source tells is whole, a number, and young enough by the operator's clock.
  [[nodiscard]] bool samples_can_be_trusted() const;
  [[nodiscard]] bool targets_are_known() const { return !fault(FaultKind::kTargetsUnknown); }

 private:
  const Scenario& scenario_;
  VirtualClock clock_;
  OperatorClock operator_clock_{clock_, scenario_};
  Fleet fleet_;
  std::optional<LostZone> lost_zone_;
};

/// The world's fleet as the reconciler sees it; orders to a changed target conflict.
class WorldPools final : public ports::PoolRepository {
 public:
  explicit WorldPools(World& world) : world_(world) {}

  [[nodiscard]] std::vector<ObjectKey> keys() override;
  [[nodiscard]] Result<model::EdgePool> find(const ObjectKey& key) override;
  [[nodiscard]] std::vector<model::DomainObservation> fleet(const model::EdgePool& pool) override;
  [[nodiscard]] Result<void> scale(const model::EdgePool& pool,
                                   const ports::ScaleOrder& order) override;
  [[nodiscard]] Result<void> rehearse(const model::EdgePool&, const ports::ScaleOrder&) override {
    return {};
  }

 private:
  World& world_;
};

/// The world's audience as a metrics server tells it.
class WorldDemand final : public ports::DemandSource {
 public:
  explicit WorldDemand(const World& world) : world_(world) {}

  [[nodiscard]] model::DemandReadings read(const model::EdgePool& pool, Instant now) override;
  [[nodiscard]] Result<model::DemandHistory> history(const model::EdgePool& pool,
                                                     const ports::HistoryRange& range) override;

 private:
  const World& world_;
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
