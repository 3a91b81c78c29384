#pragma once

#include <array>
#include <optional>
#include <vector>

#include "simulation/fleet.h"
#include "simulation/placement.h"
#include "simulation/random.h"

namespace edgetide::simulation {

/// The failure domains over which the scheduler spreads one workload.
struct Zones {
  std::size_t count = 3;
  int max_skew = 1;  ///< Of its topologySpreadConstraint, which is `DoNotSchedule`.
  /// From the loss of a zone until its replicas are made anew: Kubernetes' defaults, 40 s until a
  /// node that is silent is NotReady, and 300 s for which pods tolerate that.
  Seconds evicted_after{340};
};

/// One workload over the failure domains of a fleet: its controller keeps as many replicas as are
/// asked for, and the scheduler says where each goes.
///
/// The scheduler puts one anywhere within the skew, by chance; what no zone may take waits. What
/// has no node yet is meant for a zone, and is placed anew when a zone goes or comes. The
/// controller takes away as a ReplicaSet does: those without a node, those that start, those that
/// are lost, then the Ready ones whose age has the lowest power of two, by chance among them.
///
/// The replicas of a lost zone are there for all but those who are served until they are evicted:
/// until then the zone counts for the skew. Then its nodes are gone, and it counts no more until
/// it is back, empty. Whatever is made anew is of the current version.
class OneWorkload {
 public:
  /// \param zone_limit the most that a zone's nodes hold
  OneWorkload(const Zones& zones, Replicas zone_limit, std::uint64_t seed);

  /// So many serve in a zone from the beginning.
  void begin_with(std::size_t zone, Replicas count);

  /// Does what is due. \pre the fleet has reached `now`; it is the same in every call
  void settle(Fleet& fleet, Instant now);
  /// So many are wanted from now on.
  void specify(Fleet& fleet, Replicas total, Instant now);
  /// As the fleet loses it.
  void lose(Fleet& fleet, std::size_t zone, Instant now, Instant back_at);
  /// So many that are Ready there leave, whichever, and are made anew wherever the scheduler puts
  /// them. \pre no fewer are Ready
  void evict(Fleet& fleet, std::size_t zone, Replicas count, Instant now);
  /// A new version is rolled out from now on.
  void begin_rollout(Fleet& fleet, Instant now);

  [[nodiscard]] const Zones& zones() const { return zones_; }
  [[nodiscard]] Replicas specified() const { return Replicas{specified_}; }
  /// Those that no zone may take.
  [[nodiscard]] Replicas unplaced() const { return Replicas{unplaced_}; }
  /// Since when replicas have been without a node, one or another; nothing while none is.
  [[nodiscard]] std::optional<Instant> waits_since() const { return waits_since_; }
  /// When it was lost, while the replicas of then are still said to be there.
  [[nodiscard]] std::optional<Instant> dead_since(std::size_t zone) const;

 private:
  struct InZone {
    /// Of those Ready, rising, by version.
    std::array<std::vector<Instant>, kVersions> ready_since;
    std::optional<Instant> dead_since;
    bool gone = false;  ///< With its nodes.
  };

  /// One that may be taken away, the lowest rank first.
  struct Candidate {
    int rank;
    double chance;  ///< Decides between equal ranks.
    std::size_t zone;
    std::optional<Instant> ready_since;
  };

  void note_ready(const Fleet& fleet, Instant now);
  /// What its controller does of itself.
  void roll_out(Fleet& fleet, Instant now);
  void place(Fleet& fleet, Instant now);
  /// Those without a node are not meant for that zone any more.
  void recall(Fleet& fleet, std::size_t zone, Instant now);
  void take_away(Fleet& fleet, Version version, int count, Instant now);
  [[nodiscard]] std::vector<Candidate> candidates(const Fleet& fleet, Version version, Instant now);
  void note_waiting(const Fleet& fleet, Instant now);

  Zones zones_;
  Replicas zone_limit_;
  Random random_;
  int specified_ = 0;
  int unplaced_ = 0;  ///< Of the current version.
  std::optional<Instant> waits_since_;
  std::vector<InZone> in_zone_;
};

}  // namespace edgetide::simulation
