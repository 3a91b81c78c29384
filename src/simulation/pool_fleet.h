#pragma once

#include <optional>
#include <vector>

#include "simulation/fleet.h"
#include "simulation/one_workload.h"

namespace edgetide::simulation {

/// What stands of a pool at a moment.
struct Standing {
  std::vector<DomainCounts> targets;  ///< As the pool has them.
  /// Of one workload what stands in each failure domain; empty where each has a target of its own.
  std::vector<DomainCounts> zones;

  /// By failure domain.
  [[nodiscard]] const std::vector<DomainCounts>& domains() const {
    return zones.empty() ? targets : zones;
  }
};

/// What runs of a pool in virtual time: a target in each failure domain, or one that the scheduler
/// spreads over them. Times are as `Fleet` has them.
class PoolFleet {
 public:
  /// \param zones of one workload, as many as the options have domains
  explicit PoolFleet(const Fleet::Options& options,
                     const std::optional<Zones>& zones = std::nullopt);

  /// Replicas that serve from the beginning. \pre nothing has been ordered yet.
  void begin_with(std::size_t domain, Replicas count);
  void advance(Instant now);
  /// Asks for so many of a target, of which one workload has but the first.
  void specify(std::size_t target, Replicas count, Instant now);
  void lose(std::size_t domain, Instant now, Instant back_at);
  /// So many replicas of a failure domain that are Ready are made anew.
  /// \pre no fewer are Ready
  void evict(std::size_t domain, Replicas count, Instant now);
  /// A new version of a target replaces the one that stands, as a Deployment's controller does.
  void begin_rollout(std::size_t target, Instant now);
  void start_slower(double times) { domains_.start_slower(times); }
  void let_starts_fail(bool fail) { domains_.let_starts_fail(fail); }
  void give_machines(bool given, Instant now) { domains_.give_machines(given, now); }

  [[nodiscard]] std::size_t size() const { return domains_.size(); }  ///< Failure domains.
  [[nodiscard]] std::size_t targets() const { return workload_ ? 1 : size(); }
  /// Of which target a failure domain is.
  [[nodiscard]] std::size_t target_of(std::size_t domain) const { return workload_ ? 0 : domain; }
  [[nodiscard]] bool lost(std::size_t domain) const { return domains_.lost(domain); }
  [[nodiscard]] Replicas specified(std::size_t target) const;
  /// By failure domain.
  [[nodiscard]] std::vector<DomainCounts> counts() const;
  [[nodiscard]] Standing standing() const;
  /// Something of the version before the last rollout stands.
  [[nodiscard]] bool rolls_out() const;
  /// Since when each that starts is on its machine, by target.
  [[nodiscard]] std::vector<Instant> unready_since(std::size_t target) const;
  /// nullptr where each failure domain has a target of its own.
  [[nodiscard]] const OneWorkload* workload() const { return workload_ ? &*workload_ : nullptr; }

 private:
  Fleet domains_;
  std::optional<OneWorkload> workload_;
};

}  // namespace edgetide::simulation
