#pragma once

#include <span>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "simulation/pool_fleet.h"

namespace edgetide::simulation {

/// What a fleet with that upstream fetches from it while it serves so much: what its caches miss,
/// each rendition once a replica, and more while a cache is cold. What the pool declares is so.
[[nodiscard]] BitsPerSecond fetched(const model::Upstream& upstream, BitsPerSecond egress,
                                    std::span<const DomainCounts> domains);

/// A pool that another one draws from, in virtual time.
class FartherTier {
 public:
  /// Begins Ready, for `drawn` at 60 %. \pre the fleet is empty; the pool has a capacity of egress
  /// and outlives the tier
  FartherTier(const model::EdgePool& pool, PoolFleet fleet, Instant from, BitsPerSecond drawn);

  [[nodiscard]] const model::EdgePool& pool() const { return *pool_; }
  [[nodiscard]] PoolFleet& fleet() { return fleet_; }
  [[nodiscard]] const PoolFleet& fleet() const { return fleet_; }

  /// \pre times rise
  void note_drawn(Instant at, BitsPerSecond drawn) { drawn_.push_back({at, drawn}); }
  /// The last that was noted by then; what it began with, before that.
  [[nodiscard]] BitsPerSecond drawn(Instant at) const;
  /// By those that are Ready, cold ones by what they carry.
  [[nodiscard]] BitsPerSecond carried() const;

 private:
  struct Drawn {
    Instant at;
    BitsPerSecond drawn;
  };

  const model::EdgePool* pool_;
  PoolFleet fleet_;
  std::vector<Drawn> drawn_;  ///< By time.
};

}  // namespace edgetide::simulation
