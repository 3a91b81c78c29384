#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edgetide/ports/clock.h"
#include "simulation/farther_tier.h"
#include "simulation/maintenance.h"
#include "simulation/scenario.h"

namespace edgetide::simulation {

/// How old a sample may be: a MetricSource's default.
inline constexpr Seconds kFreshFor{90};

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
  std::string name;
  ZoneLoss loss;
  Ratio share;  ///< Of the Ready replicas, and so of the viewers, that it held.
};

/// What a rival has done.
struct RivalDeed {
  std::size_t target = 0;
  std::vector<DomainCounts> left;  ///< What stood after it, of all targets.
};

/// What a scenario's policies act upon: its fleet and its audience in virtual time.
class World {
 public:
  /// The fleets begin Ready, evenly spread and sized for the demand at the scenario's start at 60
  /// %. \pre `scenario` outlives the world.
  explicit World(const Scenario& scenario);

  /// Lets starts finish and failures happen up to the clock's time.
  void settle();

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] VirtualClock& clock() { return clock_; }
  [[nodiscard]] const OperatorClock& operator_clock() const { return operator_clock_; }
  [[nodiscard]] Instant now() const { return clock_.now(); }
  [[nodiscard]] PoolFleet& fleet() { return fleet_; }
  [[nodiscard]] const PoolFleet& fleet() const { return fleet_; }
  /// By failure domain.
  [[nodiscard]] std::vector<DomainCounts> counts() const { return fleet_.counts(); }
  /// Those that are drawn from, as `scenario().farther` has them.
  [[nodiscard]] std::vector<FartherTier>& farther() { return farther_; }
  [[nodiscard]] const std::vector<FartherTier>& farther() const { return farther_; }
  /// The tier of that pool; nullptr for the scenario's own.
  [[nodiscard]] FartherTier* tier_of(const ObjectKey& pool);
  [[nodiscard]] const std::optional<LostZone>& lost_zone() const { return lost_zone_; }
  [[nodiscard]] const Maintenance& maintenance() const { return maintenance_; }

  /// What the players report: those who want to watch, but after the loss of a zone its viewers are
  /// not counted for 20 seconds and reconnect within the minute after. Nobody else is lost from
  /// sight, however overloaded the fleet is.
  [[nodiscard]] Viewers measured(Instant at) const;
  /// What all of them take.
  [[nodiscard]] BitsPerSecond egress_of(Instant at) const;
  /// What its gateways bear; nullptr where the scenario tells nothing of connections.
  [[nodiscard]] const GatewayLoad* gateways() const { return gateways_ ? &*gateways_ : nullptr; }
  /// What the source makes of each number, for the faults of this moment.
  [[nodiscard]] double told_share() const;
  /// What the source says of that moment.
  [[nodiscard]] Viewers told(Instant at) const;
  /// When the newest sample that can be read was taken.
  [[nodiscard]] Instant newest_sample() const;

  /// The fault of that kind that is under way; nullptr when none is.
  [[nodiscard]] const Fault* fault(FaultKind kind) const {
    return active_fault(scenario_.faults, kind, now());
  }
  /// What the source tells is whole, a number, and young enough by the operator's clock.
  [[nodiscard]] bool samples_can_be_trusted() const;
  /// Too little is told, and an operator can know: for less than the stabilization window, which
  /// has to bridge it; or less than two fifths from one moment on, after what was right, while an
  /// announced event is under way that has brought half as many as were there before, but for the
  /// ten minutes before and after its end, and for three hours at most.
  [[nodiscard]] bool in_knowable_dip() const;
  [[nodiscard]] bool targets_are_known() const {
    return !fault(FaultKind::kTargetsUnknown) && !fault(FaultKind::kApiServerGone);
  }
  [[nodiscard]] bool takes_writes() const {
    return !fault(FaultKind::kWritesRefused) && !fault(FaultKind::kApiServerGone);
  }

  /// From now on a rival waits for the next look, to lower the fullest target by a fifth before
  /// anything is written.
  void let_rival_wait() { rival_waits_ = true; }
  /// Has a rival that waits do it; nothing when none waits, or there is nothing to lower.
  std::optional<RivalDeed> let_rival_lower();
  /// The fleet was read, and nothing is written yet.
  void note_look() { deed_ = let_rival_lower(); }
  /// What the rival has done since the last look.
  [[nodiscard]] std::optional<RivalDeed> take_deed() { return std::exchange(deed_, std::nullopt); }

 private:
  [[nodiscard]] bool is_knowable(const Fault& dip) const;
  void suffer(PoolFleet& fleet);
  void lose_zone();
  void draw();
  void open_connections();

  const Scenario& scenario_;
  VirtualClock clock_;
  OperatorClock operator_clock_{clock_, scenario_};
  PoolFleet fleet_;
  Maintenance maintenance_;
  std::vector<FartherTier> farther_;
  std::optional<GatewayLoad> gateways_;
  std::optional<LostZone> lost_zone_;
  bool rival_waits_ = false;
  std::optional<RivalDeed> deed_;
};

}  // namespace edgetide::simulation
